/** What is read from a stored model; or in a sentence why it cannot be used: cut short, or of another version of Postulate. */
export function ifUsable<T>(read: () => T): { readonly value: T } | { readonly unusable: string } {
  try {
    return { value: read() };
  } catch (error) {
    return { unusable: error instanceof Error ? error.message : String(error) };
  }
}
