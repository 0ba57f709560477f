import { changeStatus } from '../../src/flows/change-status.js';
import { createExperiment } from '../../src/flows/create-experiment.js';
import { registerTemplate } from '../../src/flows/register-template.js';
import type { Context } from '../../src/flows/context.js';

/** Experiments with templates, each under a key of its own. */

const metrics = ['clicked'].map((key) => ({
  key,
  type: 'proportion',
  event: 'clicked',
  role: 'primary',
  direction: 'increase',
}));
let made = 0;

export async function template(ctx: Context, body: string, more: object = {}): Promise<string> {
  const html = `<html><body>${body}<a href="https://shop.example/unsubscribe?m={{ message.id }}">Leave</a></body></html>`;
  const tokens = { 'user.first_name': { default: 'there', sample: 'Ada' } };
  const subject = '{{ slots.subject }}, {{ user.first_name }}';
  const definition = { engine: 'liquid', subject, html, tokens, ...more };
  const { version } = await registerTemplate(ctx, { name: `t${(made += 1)}`, definition });
  return `${version.name}@${version.version}`;
}

export const hello = '<p>Hello {{ user.first_name }}</p>';
export const subjects = (template?: string, other = template) => ({
  key: 'subject',
  levels: [
    { key: 'plain', slots: { subject: 'Spring' }, ...(template && { template }) },
    { key: 'question', slots: { subject: 'Ready?' }, ...(other && { template: other }) },
  ],
});

export async function experiment(ctx: Context, factors: object[], more: object = {}): Promise<string> {
  const key = `x${(made += 1)}`;
  await createExperiment(ctx, { key, factors, metrics, window: '7d', hypothesis: 'h', ...more });
  return key;
}
export async function started(ctx: Context, factors: object[], more: object = {}): Promise<string> {
  const key = await experiment(ctx, factors, more);
  await changeStatus(ctx, key, 'start');
  return key;
}
