import { insteadText, isEverythingAsMeant, blanksText } from '../reports/delivery.js';
import { countText, levelText } from '../reports/format.js';
import type { Report } from '../reports/report.js';
import { type EstimateView, estimateView, testText, typeset } from './estimate-view.js';

export interface DeliveryView {
  readonly level: string;
  readonly arms: readonly {
    readonly arm: string;
    readonly delivered: string;
    readonly share: string;
    /** Recipients to whom nothing was to be sent. */
    readonly withheld: string | undefined;
    readonly fallbacks: readonly { readonly reason: string; readonly recipients: string }[];
    readonly rendered: readonly {
      readonly instead: string;
      readonly reason: string;
      readonly messages: string;
    }[];
    readonly blanks: string | undefined;
  }[];
  readonly hasRendered: boolean;
  readonly effects: readonly {
    readonly metric: string;
    readonly arm: string;
    readonly difference: EstimateView;
    readonly test: string;
  }[];
  readonly text: string | undefined;
}

/** Undefined where everybody got what their arm decided: there is nothing to tell. */
export function deliveryView({ delivery, arms, metrics, level }: Report): DeliveryView | undefined {
  if (!delivery || isEverythingAsMeant(delivery)) return undefined;
  const title = (key: string): string => arms.find((arm) => arm.key === key)?.title ?? key;
  return {
    level: levelText(level),
    arms: delivery.arms.map(({ arm, n, delivered, share, withheld, fallbacks, rendered, blanks }) => ({
      arm: title(arm),
      delivered: `${countText(delivered)} of ${countText(n)}`,
      share: share?.text ?? '–',
      withheld: withheld === undefined ? undefined : countText(withheld),
      fallbacks: fallbacks.map(({ reason, recipients }) => ({ reason, recipients: countText(recipients) })),
      rendered: rendered.map(({ instead, reason, messages }) => ({
        ...{ instead: insteadText[instead], reason, messages: countText(messages) },
      })),
      blanks: blanksText(blanks),
    })),
    hasRendered: delivery.arms.some(({ rendered }) => rendered.length > 0),
    effects: delivery.effects.map((one) => ({
      metric: metrics.find(({ key }) => key === one.metric)?.title ?? one.metric,
      arm: title(one.arm),
      difference: estimateView(one.difference),
      test: typeset(testText(one.test)),
    })),
    text: delivery.text,
  };
}
