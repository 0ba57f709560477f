import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Scope } from '../../flows/access.js';
import type { Web } from '../web.js';

/** One way to send or to answer a body, with a true example. */
export interface Content {
  readonly schema: z.ZodType;
  readonly example: unknown;
}

export interface Answer {
  readonly description: string;
  /** By media type. NDJSON has the schema of one line and the lines as its example. */
  readonly content: Readonly<Record<string, Content | { readonly example: string }>>;
}

/** A route says everything about itself, so that the server and the documentation cannot disagree. */
export interface ApiRoute {
  readonly method: 'get' | 'post';
  /** As in OpenAPI: `/v1/experiments/{key}`. */
  readonly path: string;
  readonly id: string;
  readonly group:
    | 'Experiments'
    | 'Assignments'
    | 'Events'
    | 'Data'
    | 'Profiles'
    | 'Items'
    | 'Quality'
    | 'Reports'
    | 'Strategies'
    | 'Models'
    | 'Segments'
    | 'Content'
    | 'Service';
  readonly summary: string;
  readonly description?: string;
  /** Any of these will do, and `admin` always does. Null: open to everybody. */
  readonly scopes: readonly Scope[] | null;
  readonly query?: Readonly<Record<string, { readonly description: string; readonly example: string }>>;
  readonly body?: Readonly<Record<string, Content>>;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of the errors that this route adds to those every route has. */
  readonly errors?: readonly number[];
  handle(call: Call): Promise<void>;
}

export interface Call {
  readonly web: Web;
  readonly request: Request;
  readonly response: Response;
}
