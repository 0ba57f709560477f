export type FolderLock = { release(): Promise<void> };
export async function lockFolder(_folder: string): Promise<FolderLock> {
  return { release: async () => undefined };
}
