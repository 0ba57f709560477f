/** Nodes per panel: for the smooth functions this is made for, the 13th digit. */
const NODES = 13;

/** cos((2i + 1)π / 2N) and the barycentric weights (-1)^i sin((2i + 1)π / 2N). */
const ANGLES = Array.from({ length: NODES }, (_, i) => ((2 * i + 1) * Math.PI) / (2 * NODES));
const POINTS = ANGLES.map(Math.cos);
const WEIGHTS = ANGLES.map((angle, i) => (i % 2 === 0 ? Math.sin(angle) : -Math.sin(angle)));

/**
 * A costly smooth function, computed at the Chebyshev points of a panel the first time that the panel is asked for, and
 * by the barycentric formula from then on. Good where many values are wanted close to each other; `width` must be
 * short beside the scale on which `f` changes. Berrut & Trefethen (2004), SIAM Review 46.
 */
export function lazyInterpolant(f: (x: number) => number, width: number): (x: number) => number {
  const panels = new Map<number, readonly number[]>();
  return (x) => {
    const index = Math.floor(x / width);
    const centre = (index + 0.5) * width;
    let values = panels.get(index);
    if (!values) {
      values = POINTS.map((point) => f(centre + (point * width) / 2));
      panels.set(index, values);
    }
    return barycentric(values, (2 * (x - centre)) / width);
  };
}

function barycentric(values: readonly number[], at: number): number {
  let [above, below] = [0, 0];
  for (let i = 0; i < NODES; i += 1) {
    const distance = at - (POINTS[i] ?? 0);
    if (distance === 0) return values[i] ?? NaN;
    const weight = (WEIGHTS[i] ?? 0) / distance;
    above += weight * (values[i] ?? 0);
    below += weight;
  }
  return above / below;
}
