/** Run as a process of its own: takes the lock of the folder, says so, and holds it until its input ends. */
import { lockFolder } from '../../src/database/folder-lock.js';

try {
  const lock = await lockFolder(process.argv[2]!, { watchMs: Number(process.argv[3] ?? 2000) });
  console.log('held');
  process.stdin.resume().on('end', () => {
    lock.release();
    process.exit(0);
  });
} catch (error) {
  console.log(`refused ${(error as Error).message}`);
}
