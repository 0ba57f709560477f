/**
 * What has been read by its content hash and need not be read again: whatever the database, the same hash is the same
 * content. The least recently used go first.
 */
export class KeptByHash<T> {
  private readonly kept = new Map<string, T>();
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  async get(hash: string, read: () => Promise<T>): Promise<T> {
    const found = this.kept.get(hash) ?? (await read());
    this.kept.delete(hash);
    this.kept.set(hash, found);
    const oldest = this.kept.keys().next();
    if (this.kept.size > this.most && oldest.done !== true) this.kept.delete(oldest.value);
    return found;
  }
}
