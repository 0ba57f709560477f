/** The same values in the same order; the next one is already being made while the last one is used. */
export async function* readAhead<T>(source: AsyncGenerator<T>): AsyncGenerator<T> {
  let next = source.next();
  try {
    for (;;) {
      const made = await next;
      if (made.done === true) return;
      next = source.next();
      // Failures are told when its turn comes, and must not count as unheard until then.
      next.catch(() => undefined);
      yield made.value;
    }
  } finally {
    await source.return(undefined).catch(() => undefined);
  }
}
