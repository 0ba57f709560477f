import { spawnSync } from 'node:child_process';

const python = '/usr/bin/python3';
let found: boolean | undefined;

/** Whether Debian's python3-sklearn is at hand; said once where it is not. */
export function hasScikitLearn(): boolean {
  if (found === undefined) {
    found = spawnSync(python, ['-c', 'import sklearn']).status === 0;
    if (!found) console.log('python3-sklearn is not at hand: what is held against it is skipped.');
  }
  return found;
}

/** Runs a script that reads JSON from `data` and prints JSON. */
export function runPython(script: string, data: unknown): unknown {
  const { status, stdout, stderr } = spawnSync(
    python,
    ['-c', `import json, sys\ndata = json.load(sys.stdin)\n${script}`],
    { input: JSON.stringify(data), encoding: 'utf8', maxBuffer: 256_000_000 },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
