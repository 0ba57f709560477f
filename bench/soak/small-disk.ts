import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mb = 1_048_576;

/** A disk in memory that can be made as good as full. */
export class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'postulate-soak-disk-'));
  readonly #ballast = join(this.folder, 'ballast');

  constructor(size: number) {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'postulate-soak', this.folder], {
        stdio: 'pipe',
      });
    } catch (error) {
      rmSync(this.folder, { recursive: true });
      throw error;
    }
    chmodSync(this.folder, 0o755);
  }

  /** Leaves this much room, or all there is. */
  leave(megabytes: number): void {
    rmSync(this.#ballast, { force: true });
    const { bavail, bsize } = statfsSync(this.folder);
    const piece = Buffer.alloc(mb);
    const file = openSync(this.#ballast, 'w');
    for (let free = (bavail * bsize) / mb; free > megabytes; free -= 1) writeSync(file, piece);
    closeSync(file);
  }

  remove(): void {
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Why no disk can be mounted here; undefined: it can. */
export function whyNoMount(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'mounting a small disk needs root on Linux';
  try {
    new SmallDisk(1).remove();
    return undefined;
  } catch (error) {
    return `no small disk can be mounted here: ${error instanceof Error ? error.message.split('\n')[0] : ''}`;
  }
}
