import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * A thread that runs a module. Run from sources (tests, `npm run dev`), it must first learn from tsx to read them: Node 20
 * cannot.
 *
 * @param base `import.meta.url` of the caller.
 * @param name of the module beside it, without the ending: `./onnx-worker`.
 */
export function workerFrom(base: string, name: string, options: WorkerOptions = {}): Worker {
  if (!base.endsWith('.ts')) return new Worker(new URL(`${name}.js`, base), options);
  const home = createRequire(import.meta.url).resolve('tsx/package.json');
  const tsx = new URL('dist/esm/api/index.mjs', pathToFileURL(home)).href;
  const file = new URL(`${name}.ts`, base).href;
  const first = `import(${JSON.stringify(tsx)}).then(({ register }) => (register(), import(${JSON.stringify(file)})))`;
  return new Worker(first, { ...options, eval: true });
}
