interface Turn<T> {
  readonly running: Promise<T>;
  next?: Promise<T>;
}

/**
 * Makes one call of many for the same key: while one is under way, all that come share the next. A call never gets an answer
 * that was begun before it came, so what was changed before it is seen by it.
 */
export function joinCalls<T>(call: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const turns = new Map<string, Turn<T>>();
  const begin = (key: string): Promise<T> => {
    const running = call(key).finally(() => {
      if (turns.get(key)?.next === undefined) turns.delete(key);
    });
    turns.set(key, { running });
    return running;
  };
  return (key) => {
    const turn = turns.get(key);
    if (!turn) return begin(key);
    const after = (): Promise<T> => begin(key);
    return (turn.next ??= turn.running.then(after, after));
  };
}
