/** What the demo shop sells. */
export const demoItems = [
  { item: 'tea-sencha', title: 'Sencha', category: 'tea', price: '9.50', currency: 'EUR', priceTier: 1 },
  { item: 'tea-oolong', title: 'Oolong', category: 'tea', price: '14.00', currency: 'EUR', priceTier: 2 },
  { item: 'pot-iron', title: 'Iron pot', category: 'pots', price: '64.00', currency: 'EUR', priceTier: 4 },
  { item: 'pot-glass', title: 'Glass pot', category: 'pots', price: '29.00', currency: 'EUR', priceTier: 3 },
  { item: 'cup-set', title: 'Set of cups', category: 'cups', price: '24.00', currency: 'EUR', priceTier: 2 },
  { item: 'cup-raku', title: 'Raku bowl', category: 'cups', price: '88.00', currency: 'EUR', priceTier: 5 },
] as const;
