import { PostulateError } from '../../errors.js';
import { findExperiment } from '../../flows/find-experiment.js';
import { listVersions } from '../../flows/list-strategy-names.js';
import { listValuable } from '../../flows/list-valuable.js';
import { previewPolicy } from '../../flows/preview-policy.js';
import { policyView } from '../policy-view.js';
import type { PageCall } from './page.js';

type Choices = readonly (readonly [value: string, text: string])[];

/**
 * What a version of a strategy would have earned on the logged decisions of an experiment, for its page. `?earned=KEY METRIC` asks,
 * `&against=NAME@VERSION` for another version beside it; anything that is no answer to that is left aside.
 */
export async function earnedSection(call: PageCall, of: { readonly name: string; readonly version: number }) {
  const { ctx } = call.web;
  const { earned, against } = call.request.query;
  const metrics = await listValuable(ctx);
  const chosen = metrics.find((one) => valueOf(one) === earned);
  const others = await otherVersions(call, of);
  const other = others.find(([value]) => value === against)?.[0] ?? '';
  const form = {
    choices: metrics.map((one) => [valueOf(one), `${one.experiment.title}: ${one.metric.title}`] as const),
    value: chosen ? valueOf(chosen) : '',
    others,
    other,
  };
  if (!chosen) return form;
  const { key } = chosen.experiment;
  const asked = {
    ...{ strategy: `${of.name}@${of.version}`, metric: chosen.metric.key },
    ...(other !== '' && { against: other }),
  };
  try {
    const preview = await previewPolicy(ctx, key, asked);
    return { ...form, found: policyView(preview, await findExperiment(ctx, key)) };
  } catch (error) {
    if (!(error instanceof PostulateError) || error.kind !== 'bad_input') throw error;
    const isOther = error.problems.some(({ path }) => path === 'against');
    return { ...form, [isOther ? 'otherProblem' : 'problem']: error.message };
  }
}

const valueOf = ({ experiment, metric }: Awaited<ReturnType<typeof listValuable>>[number]): string =>
  `${experiment.key} ${metric.key}`;

/** Versions that it may be compared with: the others of its name first. */
async function otherVersions(
  { web: { ctx } }: PageCall,
  of: { readonly name: string; readonly version: number },
): Promise<Choices> {
  const versions = (await listVersions(ctx)).filter(
    ({ name, version }) => name !== of.name || version !== of.version,
  );
  const own = versions.filter(({ name }) => name === of.name);
  const rest = versions.filter(({ name }) => name !== of.name);
  return [
    ['', 'no other version'],
    ...[...own, ...rest].map(({ name, version, status }) => {
      const text = `${name}@${version}`;
      return [text, status === 'draft' ? text : `${text} (${status})`] as const;
    }),
  ];
}
