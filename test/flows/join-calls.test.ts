import { describe, expect, it } from 'vitest';
import { joinCalls } from '../../src/flows/join-calls.js';

/** Calls that end when they are told to. */
function held() {
  const begun: { key: string; end: (value: string) => void; fail: (error: Error) => void }[] = [];
  const joined = joinCalls<string>((key) => new Promise((end, fail) => begun.push({ key, end, fail })));
  return { begun, joined };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('calls for the same key', () => {
  it('share the next one while one is under way, and never the one that was begun before they came', async () => {
    const { begun, joined } = held();
    const first = joined('a');
    const later = [joined('a'), joined('a'), joined('a')];
    await settle();
    expect(begun).toHaveLength(1);
    begun[0]!.end('old');
    expect(await first).toBe('old');
    await settle();
    expect(begun).toHaveLength(2);
    const last = joined('a');
    begun[1]!.end('new');
    expect(await Promise.all(later)).toEqual(['new', 'new', 'new']);
    await settle();
    begun[2]!.end('newest');
    expect(await last).toBe('newest');
    void joined('a');
    expect(begun, 'nothing is remembered').toHaveLength(4);
  });

  it('fail for those who share them, and go on with the next', async () => {
    const { begun, joined } = held();
    const first = joined('a');
    const second = joined('a');
    begun[0]!.fail(new Error('lost'));
    await expect(first).rejects.toThrow('lost');
    await settle();
    begun[1]!.end('found');
    expect(await second).toBe('found');
  });

  it('do not wait for those of another key', async () => {
    const { begun, joined } = held();
    void joined('a');
    const other = joined('b');
    expect(begun.map(({ key }) => key)).toEqual(['a', 'b']);
    begun[1]!.end('b');
    expect(await other).toBe('b');
  });
});
