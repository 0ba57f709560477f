import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli.js';
import type { CommandIo } from '../../src/cli/command.js';
import type { Report } from '../../src/reports/report.js';
import { programFile } from '../support/program.js';

let folder: string;
let campaign: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'analyze-'));
  campaign = join(folder, 'campaign.csv');
  await writeFile(campaign, rows(400).join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Every third of B visits, every fifth of A; two subjects, two cities. */
function rows(n: number): string[] {
  const lines = Array.from({ length: n }, (_, i) => {
    const arm = i % 2 === 0 ? 'A' : 'B, new';
    const visit = i % (arm === 'A' ? 10 : 6) < 2 ? 'yes' : 'no';
    return `"${arm}",${visit},${visit === 'yes' ? '12.5' : '0'},${i % 4 < 2 ? 'warm' : 'plain'},${i % 3 === 0 ? 'x' : 'y'}`;
  });
  return ['arm,visit,spend,subject,city', ...lines];
}

interface Run {
  code: number;
  out: string;
  err: string;
}

async function run(args: readonly string[], stdin: Readable = Readable.from([]), tty = false): Promise<Run> {
  const [stdout, stderr] = [new PassThrough(), Object.assign(new PassThrough(), { isTTY: tty })];
  const [out, err] = [text(stdout), text(stderr)];
  const io: CommandIo = {
    stdin,
    stdout,
    stderr,
    env: {},
    now: () => new Date('2026-03-01T00:00:00Z'),
    signal: new AbortController().signal,
  };
  const code = await runCli(args, io);
  stdout.end();
  stderr.end();
  return { code, out: await out, err: await err };
}

async function text(stream: Readable): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += String(chunk);
  return all;
}

const usual = [
  '--arm',
  'arm',
  '--control',
  'A',
  '--proportion',
  'visit',
  '--money',
  'spend',
  '--cohort',
  'city',
];

describe('postulate analyze', () => {
  it('prints a readable report and nothing else on standard output', async () => {
    const { code, out, err } = await run(['analyze', campaign, ...usual]);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^campaign\.csv\n=+\n400 recipients, 2 arms, control: A\n\nVERDICT\n/);
    expect(out).toMatch(/B, new {10,}\+13\.5 pp/);
    expect(out).toMatch(/COHORTS BY CITY \(exploratory\)/);
    expect(out).not.toContain('\u001b');
  });

  it('prints JSON, and the same JSON whatever the order of the rows', async () => {
    const first = await run(['analyze', campaign, ...usual, '--json']);
    const report = JSON.parse(first.out) as Report;
    expect(report).toMatchObject({
      schema: 'postulate.report/1',
      control: 'A',
      source: { kind: 'file', rows: 400 },
    });
    const [header = '', ...lines] = rows(400);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(lines, { minLength: lines.length }), async (shuffled) => {
        const again = join(folder, 'shuffled.csv');
        await writeFile(again, gzipSync([header, ...shuffled].join('\r\n')));
        const other = await run(['analyze', again, ...usual, '--json', '--title', 'campaign.csv']);
        const shown = JSON.parse(other.out) as Report;
        expect({ ...shown, snapshot: '', source: report.source }).toEqual({ ...report, snapshot: '' });
      }),
      { numRuns: 8 },
    );
  });

  it('prints one tidy table with --csv', async () => {
    const { out } = await run(['analyze', campaign, ...usual, '--csv']);
    const table = parse(out, { columns: true });
    expect(table.length).toBeGreaterThan(8);
    expect(table[1]).toMatchObject({ row: 'arm', metric: 'visit', arm: 'B, new', n: '200' });
  });

  it('writes one HTML file, whole or not at all', async () => {
    const path = join(folder, 'report.html');
    const { code, err } = await run(['analyze', campaign, ...usual, '--html', path]);
    expect([code, err]).toEqual([0, `Wrote ${path}.\n`]);
    expect(await readFile(path, 'utf8')).toMatch(/<\/html>\s*$/);
    const failed = await run(['analyze', campaign, ...usual, '--html', join(folder, 'no', 'report.html')]);
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.err).toMatch(/could not be written/);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('reads standard input, packed or not', async () => {
    const packed = gzipSync(rows(400).join('\n'));
    for (const input of [Buffer.from(rows(400).join('\n')), packed]) {
      const { code, out } = await run(
        ['analyze', '-', ...usual, '--json'],
        Readable.from([input.subarray(0, 1), input.subarray(1)]),
      );
      expect(code).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ source: { name: 'standard input', rows: 400 } });
    }
  });

  it('analyses factors, the baseline first', async () => {
    const { out } = await run([
      'analyze',
      campaign,
      '--factor',
      'arm',
      '--factor',
      'subject',
      '--baseline',
      'subject=warm',
      '--proportion',
      'visit',
      '--json',
    ]);
    const report = JSON.parse(out) as Report;
    expect(report.arms.map((arm) => arm.key)).toEqual(['A/warm', 'A/plain', 'B, new/warm', 'B, new/plain']);
    expect(report.factorial?.metrics[0]?.main).toHaveLength(2);
  });

  it('checks the split against weights, equal or by name', async () => {
    for (const weights of [['equal'], ['A=1,B, new=1'], ['A=1', '--weights', 'B, new=1']]) {
      const { out } = await run(['analyze', campaign, ...usual, '--weights', ...weights, '--json']);
      expect((JSON.parse(out) as Report).health[0]).toMatchObject({ check: 'sample_ratio', severity: 'ok' });
    }
    const { out } = await run(['analyze', campaign, ...usual, '--weights', 'A=3,B, new=1', '--json']);
    expect((JSON.parse(out) as Report).verdict.kind).toBe('untrustworthy');
  });

  it('takes primary, guardrail, direction, level and currency from options', async () => {
    const { out } = await run([
      'analyze',
      campaign,
      ...usual,
      '--primary',
      'spend',
      '--guardrail',
      'visit',
      '--lower-is-better',
      'visit',
      '--level',
      '0.9',
      '--currency',
      'eur',
      '--json',
    ]);
    const report = JSON.parse(out) as Report;
    expect(report.level).toBe(0.9);
    expect(report.metrics).toMatchObject([
      { key: 'spend', role: 'primary', currency: 'EUR' },
      { key: 'visit', role: 'guardrail', direction: 'decrease' },
    ]);
  });

  it('lets the first metric given decide', async () => {
    const { out } = await run([
      ...['analyze', campaign, '--arm', 'arm', '--control', 'A'],
      ...['--money', 'spend', '--proportion', 'visit', '--json'],
    ]);
    expect((JSON.parse(out) as Report).metrics.map((one) => one.key)).toEqual(['spend', 'visit']);
  });

  it('reports the rows it left out, on standard error', async () => {
    const path = join(folder, 'dirty.csv');
    await writeFile(path, [...rows(400), 'A,perhaps\u001b[2J,0,warm,x'].join('\n'));
    const { code, err } = await run(['analyze', path, ...usual]);
    expect(code).toBe(0);
    expect(err).toMatch(
      /^1 row was left out:\n {2}line 402: column "visit" holds "perhaps\\u001b\[2J", which/,
    );
  });

  it('shows progress on a terminal and wipes it', async () => {
    const { err } = await run(['analyze', campaign, ...usual], undefined, true);
    expect(err).toContain('campaign.csv 100% (0.0 MB)\r\u001b[2K');
    expect(err.endsWith('\r\u001b[2K')).toBe(true);
  });

  it.each([
    [['analyze'], /Which file/],
    [['analyze', 'a.csv'], /Which column holds the arm/],
    [['analyze', 'a.csv', '--arm', 'arm'], /Which value of "arm" is the control/],
    [['analyze', 'a.csv', '--arm', 'arm', '--control', 'A'], /What is measured/],
    [['analyze', 'a.csv', '--arm', 'a', '--factor', 'b'], /Either --arm or --factor/],
    [['analyze', 'a.csv', '--factor', 'b', '--control', 'A'], /--control goes with --arm/],
    [['analyze', 'a.csv', '--factor', 'b', '--baseline', 'c=A', '--mean', 'y'], /names no --factor/],
    [['analyze', 'a.csv', ...usual, '--cohort', 'visit'], /"visit" is given twice/],
    [
      ['analyze', 'a.csv', ...usual, '--primary', 'visits'],
      /"visits" is none of the metrics\. Did you mean "visit"\?/,
    ],
    [
      ['analyze', 'a.csv', ...usual, '--propotion', 'x'],
      /no option --propotion\. Did you mean "--proportion"\?/,
    ],
    [['analyze', 'a.csv', 'b.csv', ...usual], /One file at a time/],
    [['analyze', 'a.csv', ...usual, '--json', '--csv'], /Either --json or --csv/],
    [['analyze', 'a.csv', ...usual, '--level', '95'], /--level is a number/],
    [['analyze', 'a.csv', ...usual, '--currency', 'Euro'], /three-letter/],
    [['analyze', 'a.csv', ...usual, '--delimiter', '::'], /--delimiter is one character/],
    [['analyse'], /no command "analyse"\. Did you mean "analyze"\?/],
    [[], /Commands/],
  ])('calls %j wrong usage', async (args, message) => {
    const { code, out, err } = await run(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it.each([
    [['nowhere.csv', ...usual], /There is no file "nowhere\.csv"/],
    [['.', ...usual], /is a folder/],
  ])('fails with code 1 and a sentence: %j', async (args, message) => {
    const { code, err } = await run(['analyze', ...args]);
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });

  it('names the arms of the file when the control is none of them', async () => {
    const { code, err } = await run([
      'analyze',
      campaign,
      '--arm',
      'arm',
      '--control',
      'a',
      '--proportion',
      'visit',
    ]);
    expect([code, err]).toEqual([1, 'Column "arm" has no value "a"; it has "A", "B, new".\n']);
  });

  it('helps', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, err: '' });
    expect((await run(['analyze', '--help'])).out).toMatch(/--skip-bad-rows/);
  });

  it('stops with code 130 when interrupted, as a real process', async () => {
    const child = spawn(process.execPath, [programFile('cli'), 'analyze', '-', ...usual]);
    child.stdin.write('arm,visit,spend,subject,city\nA,1,1,x,y\n');
    const err = text(child.stderr);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect([code, await err]).toEqual([130, 'Interrupted.\n']);
  });
});
