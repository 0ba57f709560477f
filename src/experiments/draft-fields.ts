import { z } from 'zod';
import { text } from './text.js';

/** Fields that drafts of experiments and of metrics have in common. */

export const keySchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'use 1 to 64 of a-z, 0-9, - and _, starting with a letter or digit');

export const titleSchema = text(200).min(1);

export const durationSchema = z
  .string()
  .regex(/^[1-9]\d{0,4}[mhd]$/, 'write a duration as 90m, 12h or 14d')
  .describe('A duration: minutes, hours or days, as in 90m, 12h, 14d.');
