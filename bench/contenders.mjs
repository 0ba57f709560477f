import { createHash } from 'node:crypto';
import { once } from 'node:events';

import { GrowthBookClient } from '@growthbook/growthbook';
import planout from 'planout';
import { Unleash } from 'unleash-client';

export const salt = 'exp-spring-2024';
export const armNames = ['a', 'b', 'c', 'd'];
const even = armNames.map(() => 1);

/**
 * A contender answers the index of one of four even arms for an id, in the fastest way its documentation shows
 * for many recipients in one process. Nothing is logged, tracked or fetched.
 */

/** Postulate as a sender would use it inside its own process. */
export async function postulate() {
  const { draw, prepareSplit } = await import('../dist/src/assignment/draw.js').catch(() => {
    throw new Error('Postulate is not compiled: run "npm run build" in the folder above first');
  });
  const split = prepareSplit({ salt, weights: even, traffic: 1 });
  return { name: 'Postulate', armOf: (id) => draw(split, id).arm };
}

/**
 * GrowthBook: the client for many users, with an inline experiment. Version 1 of its hash is the default and the
 * quicker one; version 2 is the later one, which no longer draws different experiments alike.
 */
export function growthbook(hashVersion) {
  const client = new GrowthBookClient();
  const experiment = { key: salt, variations: armNames, hashVersion };
  return {
    name: `GrowthBook 1.8.0, hash version ${hashVersion}`,
    armOf: (id) => client.runInlineExperiment(experiment, { attributes: { id } }).variationId,
  };
}

/** Unleash: a flag with four variants from bootstrap data, no network and no metrics. */
export async function unleash() {
  const client = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:9/api/',
    refreshInterval: 0,
    disableMetrics: true,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    storageProvider: { get: async () => undefined, set: async () => undefined },
    bootstrap: { data: [unleashFlag] },
  });
  // The one fetch at the start is refused, and the bootstrap data stays.
  client.on('error', () => undefined);
  const ready = once(client, 'synchronized');
  await client.start();
  await ready;
  return {
    name: 'Unleash 6.12.1',
    armOf: (id) => armNames.indexOf(client.getVariant(salt, { userId: id }).name),
    close: () => client.destroy(),
  };
}

const unleashFlag = {
  name: salt,
  enabled: true,
  strategies: [{ name: 'default', parameters: {}, constraints: [] }],
  variants: armNames.map((name) => ({ name, weight: 250, weightType: 'variable', stickiness: 'userId' })),
};

/** PlanOut: its operator on a bare assignment, which is quicker than a whole experiment object an id. */
export function planOut() {
  const { Assignment, Ops } = planout;
  const choices = armNames.map((_, index) => index);
  return {
    name: 'PlanOut 5.3.0',
    armOf: (id) => {
      const assignment = new Assignment(salt);
      assignment.set('arm', new Ops.Random.UniformChoice({ choices, unit: id }));
      return assignment.get('arm');
    },
  };
}

/** The digest alone, three words read and no answer made: what the draw cannot be faster than. */
export async function digestAlone() {
  const { md5After, md5Prefix, wordOf } = await import('../dist/src/assignment/md5.js');
  const { newState } = await import('../dist/src/assignment/md5-block.js');
  const prefix = md5Prefix(`${salt}:`);
  const state = newState();
  return {
    name: 'Ceiling: the same MD5 without a draw',
    armOf: (id) => {
      md5After(prefix, id, state);
      return wordOf(state, 0) >>> 30;
    },
  };
}

/** The digest of the platform, called once an id. */
export function nodeCrypto() {
  return {
    name: 'Floor: createHash of node:crypto',
    armOf: (id) => createHash('md5').update(`${salt}:${id}`).digest().readUInt32BE(0) >>> 30,
  };
}

/** Reading every character and nothing else: the cost of the loop and of memory. */
export function readingAlone() {
  return {
    name: 'Ceiling: adding up the characters of the id',
    armOf: (id) => {
      let sum = 0;
      for (let i = 0; i < id.length; i += 1) sum += id.charCodeAt(i);
      return sum & 3;
    },
  };
}
