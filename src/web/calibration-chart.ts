import type { CalibrationPoint } from '../strategies/model-report.js';

export const chartSize = 280;
const [left, bottom, margin] = [44, 32, 10];

export interface CalibrationChart {
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly low: number;
    readonly high: number;
    readonly radius: number;
  }[];
  /** Where predicted and observed are the same. */
  readonly diagonal: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
  readonly ticks: readonly { readonly at: number; readonly y: number; readonly text: string }[];
  readonly label: string;
}

/** Observed over predicted, both on one scale from 0 to what is the most, so that a small rate is not lost in a corner. */
export function drawCalibration(points: readonly CalibrationPoint[]): CalibrationChart | undefined {
  if (points.length === 0) return undefined;
  const most = niceEnd(Math.max(...points.flatMap(({ predicted, interval }) => [predicted, interval[1]])));
  const x = (value: number): number => round(left + (value / most) * (chartSize - left - margin));
  const y = (value: number): number =>
    round(chartSize - bottom - (value / most) * (chartSize - bottom - margin));
  const rows = Math.max(...points.map((point) => point.rows), 1);
  return {
    points: points.map(({ predicted, observed, interval, rows: n }) => ({
      ...{ x: x(predicted), y: y(observed), low: y(interval[0]), high: y(interval[1]) },
      radius: round(2.5 + 2.5 * Math.sqrt(n / rows)),
    })),
    diagonal: { x1: x(0), y1: y(0), x2: x(most), y2: y(most) },
    ticks: [0, most / 2, most].map((value) => ({ at: x(value), y: y(value), text: percent(value) })),
    label: `Calibration of ${points.length} groups: observed beside predicted, from 0 to ${percent(most)}`,
  };
}

/** 1, 2 or 5 of a power of ten that is not below; at most 1. */
function niceEnd(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 5, 10].find((one) => one * power >= most * (1 - 1e-9)) ?? 10;
  return Math.min(1, step * power);
}

const round = (value: number): number => Math.round(value * 10) / 10;

export function percent(share: number): string {
  const value = 100 * share;
  return `${value === 0 || value >= 10 ? Number(value.toFixed(1)) : Number(value.toPrecision(2))} %`;
}
