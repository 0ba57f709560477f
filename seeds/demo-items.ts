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

/** In the catalogue, but sold out or too new to have been bought. */
export const otherItems = [
  item('tea-matcha', 'Matcha', tea, '22.00', 3, 0),
  item('tea-assam', 'Assam', tea, '8.00', 1, 150),
  item('pot-travel', 'Travel flask', pots, '35.00', 3, 18),
  item('cup-glass', 'Glass cup', cups, '11.00', 1, 64),
] as const;
