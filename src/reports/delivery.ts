import { effectOnDelivered } from '../statistics/ratios/effect-on-delivered.js';
import { isRefusal } from '../statistics/result.js';
import type { CellTable } from './cell-table.js';
import { counted, countText, listText, shareText } from './format.js';
import type {
  FallenBack,
  RenderedCount,
  ReportArmInput,
  ReportInput,
  ReportMetricInput,
} from './report-input.js';
import type { ReportEstimate, ReportTest } from './report-figures.js';
import type { Refusal } from '../statistics/result.js';
import { toReportEstimate, toReportTest } from './to-report.js';

/** What was really delivered, and what it did to those who got it. */
export interface Delivery {
  readonly arms: readonly ArmDelivery[];
  /** Where an arm's strategy fell back: the effect among those who got its own choice. */
  readonly effects: readonly DeliveredEffect[];
  /** What the effects take for granted; absent where there are none. */
  readonly text?: string;
}

export interface ArmDelivery {
  readonly arm: string;
  readonly n: number;
  /** Recipients who got the choice of the arm's own strategy, or its fixed content. */
  readonly delivered: number;
  /** Null: nobody is in the arm. */
  readonly share: { readonly value: number; readonly text: string } | null;
  readonly fallbacks: readonly DeliveryFallback[];
  /** Of those who got the choice of the strategy: to whom that was to send nothing. Absent: nobody. */
  readonly withheld?: number;
  /** Messages that were rendered otherwise than meant; none where templates are not ours to render. */
  readonly rendered: readonly Omit<RenderedCount, 'arm' | 'blank'>[];
  /** How often something blank was caught before it went out: `choices` of the strategy, and rendered `messages`. */
  readonly blanks: { readonly choices: number; readonly messages: number };
  /** For example `9,412 of 10,000 (94%) got what their strategy chose`. */
  readonly text: string;
}

export interface DeliveryFallback {
  readonly reason: string;
  readonly recipients: number;
}

export interface DeliveredEffect {
  readonly metric: string;
  readonly arm: string;
  readonly against: string;
  readonly difference: ReportEstimate | Refusal;
  readonly test: ReportTest | Refusal;
}

/** Undefined where it was not the service that decided. */
export function deliveryOf(
  input: ReportInput,
  table: CellTable,
  recipients: readonly bigint[],
  level: number,
): Delivery | undefined {
  if (!input.delivered) return undefined;
  const arms = input.arms.map((arm, i) => armDelivery(input, arm, Number(recipients[i])));
  const effects = effectsOf(input, table, level);
  return { arms, effects, ...(effects.length > 0 && { text: takenForGranted }) };
}

const takenForGranted =
  'A second reading: what the strategy did to those who really got its choice. It takes for granted that whoever got the fallback did as they would have done in the control arm. The comparison of everybody assigned comes first.';

function armDelivery(input: ReportInput, { key }: ReportArmInput, n: number): ArmDelivery {
  const fallbacks = (input.delivered ?? [])
    .filter(({ arm, delivered }) => arm === key && delivered === 'fallback')
    .map(({ reason, recipients }) => ({ reason: reason ?? 'not known', recipients }))
    .sort((a, b) => b.recipients - a.recipients || (a.reason < b.reason ? -1 : 1));
  const rendered = (input.rendered ?? []).filter(({ arm }) => arm === key);
  const blanks = {
    choices: total(
      (input.delivered ?? []).filter((one) => one.arm === key && one.blank),
      'recipients',
    ),
    messages: total(
      rendered.filter(({ blank }) => blank),
      'messages',
    ),
  };
  const delivered = n - fallbacks.reduce((sum, one) => sum + one.recipients, 0);
  const share = n > 0 ? { value: delivered / n, text: shareText(delivered / n) } : null;
  const got = `${countText(delivered)} of ${counted(n, 'recipient')}${share ? ` (${share.text})` : ''} got what the arm decided`;
  const withheld = total(
    (input.withheld ?? []).filter(({ arm }) => arm === key),
    'recipients',
  );
  const nothing =
    withheld > 0 ? [`${countText(withheld)} of them were sent nothing, as their strategy chose`] : [];
  const others = fallbacks.map(({ reason, recipients }) => `${countText(recipients)} because ${reason}`);
  const text = others.length === 0 ? got : `${got}; the fallback: ${listText(others)}`;
  return {
    ...{ arm: key, n, delivered, share, fallbacks },
    ...(withheld > 0 && { withheld }),
    rendered: rendered.map(({ instead, reason, messages }) => ({ instead, reason, messages })),
    blanks,
    text: [text, nothing, ...renderedText(rendered), blanksText(blanks) ?? []].flat().join('; '),
  };
}

function total<Key extends string>(counts: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return counts.reduce((sum, one) => sum + one[key], 0);
}

/** How a message went out that could not be rendered as meant. */
export const insteadText = {
  fallback: 'from the fallback',
  defaults: 'as if nothing were known of the recipient',
  plain: 'without the template',
} as const;

function renderedText(rendered: readonly RenderedCount[]): string[] {
  if (rendered.length === 0) return [];
  const each = rendered.map(
    ({ instead, reason, messages }) => `${countText(messages)} ${insteadText[instead]} because ${reason}`,
  );
  return [`rendered otherwise than meant: ${listText(each)}`];
}

/** Undefined where there were none. */
export function blanksText({ choices, messages }: ArmDelivery['blanks']): string | undefined {
  if (choices + messages === 0) return undefined;
  return `blanks that were caught: ${counted(choices, 'choice')} and ${counted(messages, 'message')}`;
}

/** Whether there is nothing to tell: everybody was sent something, and what was meant. */
export function isEverythingAsMeant({ arms }: Delivery): boolean {
  return arms.every(
    ({ fallbacks, rendered, withheld = 0 }) =>
      fallbacks.length === 0 && rendered.length === 0 && withheld === 0,
  );
}

/** In every metric per recipient, of every arm that fell back and is like the control but for its strategy. */
function effectsOf(input: ReportInput, table: CellTable, level: number): DeliveredEffect[] {
  const control = input.arms.find(({ key }) => key === input.control);
  if (!control || !input.fallenBack) return [];
  const place = input.factors.findIndex(({ key }) => key === 'strategy');
  const comparable = input.arms.filter(
    (arm) =>
      arm.levels[place] !== control.levels[place] &&
      arm.levels.every((level, i) => i === place || level === control.levels[i]),
  );
  return input.metrics
    .filter(({ denominator }) => denominator === undefined)
    .flatMap((metric) =>
      comparable.flatMap((arm) => {
        const fell = input.fallenBack?.find((one) => one.metric === metric.key && one.arm === arm.key);
        return fell ? [effectOf(input, table, metric, arm, fell, level)] : [];
      }),
    );
}

function effectOf(
  { control }: ReportInput,
  table: CellTable,
  metric: ReportMetricInput,
  arm: ReportArmInput,
  fell: FallenBack,
  level: number,
): DeliveredEffect {
  const [c, t] = [table.arm(metric.key, control), table.arm(metric.key, arm.key)];
  const own = t.n - fell.n;
  const result = effectOnDelivered(
    { n: c.n, sums: [c.sum, 0n], products: [[c.sumSquares], [0n, 0n]] },
    { n: t.n, sums: [t.sum, own], products: [[t.sumSquares], [t.sum - fell.sum, own]] },
    level,
  );
  const place = { metric: metric.key, arm: arm.key, against: control };
  if (isRefusal(result)) return { ...place, difference: result, test: result };
  return {
    ...place,
    difference: toReportEstimate(result.effect, metric, 'difference'),
    test: toReportTest(result.test),
  };
}
