/**
 * h(t) = (1 + t) log(1 + t) - t for t >= -1, without cancellation for t near 0: x log(x/m) + m - x is m h((x - m)/m).
 */
export function relativeDeviance(t: number): number {
  if (t <= -1) return 1;
  if (Math.abs(t) > 0.2) return (1 + t) * Math.log1p(t) - t;
  // t²/2 - t³/6 + t⁴/12 - ...
  let power = t * t;
  let sum = power / 2;
  for (let k = 3; ; k += 1) {
    power *= -t;
    const next = sum + power / (k * (k - 1));
    if (next === sum) return sum;
    sum = next;
  }
}
