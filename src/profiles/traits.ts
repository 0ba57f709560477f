/** What is known about a recipient, by name. Null and absent both mean unknown. */
export type TraitValue = string | number | boolean | null;
export type Traits = Readonly<Record<string, TraitValue>>;
