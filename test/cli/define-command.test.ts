import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { defineCommand } from '../../src/cli/define-command.js';

const count = defineCommand({
  name: 'count',
  summary: 'counts',
  help: 'postulate count: counts.\n',
  options: { json: { type: 'boolean' }, most: { type: 'string', default: '10' } },
  run: ({ values, positionals }, io) => {
    io.stdout.write(JSON.stringify({ ...values, positionals }));
    return Promise.resolve(3);
  },
});

async function run(...args: string[]): Promise<{ code: number; out: string }> {
  const stdout = new PassThrough();
  const io = { stdin: new PassThrough(), stdout, stderr: new PassThrough(), env: {} };
  const signal = new AbortController().signal;
  const code = await count.run(args, { ...io, now: () => new Date(0), signal });
  return { code, out: String(stdout.read() ?? '') };
}

describe('a command with options', () => {
  it('is given what was written, and says the exit code', async () => {
    const { code, out } = await run('--json', 'a', 'b');
    expect(code).toBe(3);
    expect(JSON.parse(out)).toEqual({ json: true, most: '10', positionals: ['a', 'b'] });
  });

  it.each([['--help'], ['-h'], ['--help', 'a', '--json']])(
    'helps at %s, and does nothing',
    async (...args) => {
      expect(await run(...args)).toEqual({ code: 0, out: 'postulate count: counts.\n' });
    },
  );

  it('takes a mistyped option beside --help for a mistake', async () => {
    await expect(run('--help', '--jsn')).rejects.toThrow('There is no option --jsn. Did you mean "--json"?');
  });
});
