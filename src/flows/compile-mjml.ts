import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Finding } from '../strategies/templates/finding.js';

/** A hundred times what the largest templates take. */
const longestMs = 20_000;
const mostMegabytes = 512;

/**
 * In a thread of its own, which ends with the work: MJML takes a second and much memory to load, which the service would
 * keep for nothing, and a thread can be ended whatever a template makes it do. It sees no environment.
 */
const thread = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.url)
  .then(async ({ default: mjml }) => {
    const { html, errors } = await mjml(workerData.source, {
      ignoreIncludes: true, useMjmlConfigOptions: false, keepComments: true, validationLevel: 'soft',
    });
    parentPort.postMessage({ html, errors: errors.map(({ line, message }) => ({ line, message })) });
  })
  .catch((error) => parentPort.postMessage({ html: '', errors: [{ message: String(error && error.message) }] }));
`;

interface Answer {
  readonly html: string;
  readonly errors: readonly { readonly line?: number; readonly message: string }[];
}

/**
 * MJML as HTML, before any recipient is known: a value that came first could write tags. Includes are never read.
 *
 * @returns what is wrong with it where anything is.
 */
export async function compileMjml(source: string): Promise<{ html: string } | { findings: Finding[] }> {
  const worker = new Worker(thread, {
    eval: true,
    workerData: { source, url: pathToFileURL(createRequire(import.meta.url).resolve('mjml')).href },
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
    env: {},
  });
  const answer = await new Promise<Answer | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), longestMs);
    const settle = (given?: Answer): void => {
      clearTimeout(timer);
      resolve(given);
    };
    worker.once('message', (given: Answer) => settle(given));
    worker.once('error', () => settle());
    worker.once('exit', () => settle());
  });
  await worker.terminate();
  if (!answer)
    return { findings: [finding('takes too long or too much memory to compile; make it smaller')] };
  const problems = answer.errors.map(({ line, message }) => finding(tidied(message), line));
  return problems.length > 0 ? { findings: problems } : { html: answer.html };
}

function finding(message: string, line?: number): Finding {
  return {
    severity: 'error',
    code: 'invalid_mjml',
    part: 'mjml',
    ...(line !== undefined && { line, column: 1 }),
    message,
  };
}

/** Messages of the library may go on for pages. */
function tidied(message: string): string {
  if (/call stack/.test(message)) return 'cannot be read as MJML: it is nested too deep; nest fewer elements';
  const plain = message.replace(/\s+/g, ' ').trim();
  return `cannot be read as MJML: ${plain.length > 200 ? `${plain.slice(0, 199)}…` : plain}`;
}
