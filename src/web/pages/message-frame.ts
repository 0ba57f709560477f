import type { Response } from 'express';

/**
 * Shows the HTML of a message as a document of its own, for a frame: its styles and pictures, no scripts, no forms, no
 * reach to the page around it or to the session, also where somebody opens its address by itself.
 */
export function sendMessage(response: Response, html: string): void {
  response.set(
    'Content-Security-Policy',
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; font-src https:; frame-ancestors 'self'",
  );
  response.set('X-Frame-Options', 'SAMEORIGIN');
  // A sandboxed document has an origin of its own, and browsers complain.
  response.removeHeader('Origin-Agent-Cluster');
  // Links of a message would open inside its frame.
  response.type('html').send(`<base target="_blank">${html}`);
}
