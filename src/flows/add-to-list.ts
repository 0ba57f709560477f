/** Puts one more into the list that a key leads to, and begins the list where there is none. */
export function addToList<Key, One>(lists: Map<Key, One[]>, key: Key, one: One): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}
