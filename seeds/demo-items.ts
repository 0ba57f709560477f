/** What the demo shop sells, as its feed would bring it. */
const [tea, pots, cups] = ['tea', 'pots', 'cups'] as const;
const item = (
  id: string,
  title: string,
  category: string,
  price: string,
  priceTier: number,
  stock: number,
) => ({
  item: id,
  title,
  category,
  price,
  currency: 'EUR',
  priceTier,
  stock,
  attributes: { url: `https://shop.example/${id}` },
});

export const demoItems = [
  item('tea-sencha', 'Sencha', tea, '9.50', 1, 210),
  item('tea-oolong', 'Oolong', tea, '14.00', 2, 80),
  item('pot-iron', 'Iron pot', pots, '64.00', 4, 12),
  item('pot-glass', 'Glass pot', pots, '29.00', 3, 31),
  item('cup-set', 'Set of cups', cups, '24.00', 2, 40),
  item('cup-raku', 'Raku bowl', cups, '88.00', 5, 5),
] as const;

/** In the catalogue, but sold out or too new to have been ordered from a campaign. */
export const otherItems = [
  item('tea-matcha', 'Matcha', tea, '22.00', 3, 0),
  item('tea-assam', 'Assam', tea, '8.00', 1, 150),
  item('pot-travel', 'Travel flask', pots, '35.00', 3, 18),
  item('cup-glass', 'Glass cup', cups, '11.00', 1, 64),
  item('tea-gyokuro', 'Gyokuro', tea, '28.00', 3, 45),
  item('tea-bancha', 'Bancha', tea, '7.50', 1, 130),
  item('tea-darjeeling', 'Darjeeling', tea, '12.00', 2, 95),
  item('tea-earl-grey', 'Earl Grey', tea, '8.50', 1, 160),
  item('pot-kyusu', 'Kyusu', pots, '42.00', 3, 9),
  item('pot-brown', 'Brown Betty', pots, '24.00', 2, 27),
  item('cup-yunomi', 'Yunomi', cups, '16.00', 2, 38),
  item('cup-bone-china', 'Bone china cup', cups, '19.00', 2, 52),
] as const;

const everything = [...demoItems, ...otherItems];

/** What people look at together. A taste goes across the categories, so a favourite category does not tell it. */
const tastes = {
  japanese: [
    'tea-sencha',
    'tea-gyokuro',
    'tea-bancha',
    'tea-matcha',
    'pot-kyusu',
    'pot-iron',
    'cup-yunomi',
    'cup-raku',
  ],
  english: ['tea-assam', 'tea-darjeeling', 'tea-earl-grey', 'pot-brown', 'cup-bone-china', 'cup-set'],
  travelling: ['tea-oolong', 'tea-bancha', 'pot-travel', 'pot-glass', 'cup-glass'],
} as const;

export type Taste = keyof typeof tastes;

export function itemsOf(taste: Taste): { readonly item: string; readonly category: string }[] {
  const own: readonly string[] = tastes[taste];
  return everything.filter((one) => own.includes(one.item));
}
