import { z } from 'zod';

/** Something to say about a template, as the API shows it. */
export const findingSchema = z.strictObject({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  part: z.string().describe('`subject`, `html`, `mjml`, `text`, `message`, or the path of a field.'),
  line: z.int().optional(),
  column: z.int().optional(),
  message: z.string(),
});
