/** What is wrong with the HTTP of a request, before anybody looks at what it asks for. */
export class HttpProblem extends Error {
  readonly status: number;
  /** Stable and machine-readable: `body_too_large`. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'HttpProblem';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}
