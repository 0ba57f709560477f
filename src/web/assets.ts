import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Router } from 'express';
import { packageRoot } from '../package-root.js';
import { HttpProblem } from './http-problem.js';

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

interface Asset {
  readonly bytes: Buffer;
  readonly version: string;
  readonly type: string;
  packed?: Buffer;
}

export interface Assets {
  /** The address of a file in `public/`; it changes with the content, so that browsers may keep it for ever. */
  url(name: string): string;
  readonly router: Router;
}

/** The few files that pages load, kept in memory. The chart library comes out of its package, from no other server. */
export function loadAssets(): Assets {
  const assets = new Map<string, Asset>();
  const folder = join(packageRoot(), 'public');
  for (const name of readdirSync(folder)) add(name, join(folder, name));
  const chartJs = dirname(createRequire(import.meta.url).resolve('chart.js'));
  add('chart.umd.js', join(chartJs, 'chart.umd.min.js'));

  function add(name: string, path: string): void {
    const type = types[name.slice(name.lastIndexOf('.') + 1)];
    if (type === undefined) return;
    const bytes = readFileSync(path);
    const version = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    assets.set(name, { bytes, version, type });
  }
  return { url: (name) => `/assets/${name}?v=${assets.get(name)?.version ?? ''}`, router: serve(assets) };
}

function serve(assets: ReadonlyMap<string, Asset>): Router {
  const router = Router();
  // Browsers ask for it where no page names an icon, such as beside JSON.
  router.get('/favicon.ico', (_request, response) => response.redirect(301, '/assets/icon.svg'));
  router.get('/assets/:name', (request, response) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) throw new HttpProblem(404, 'asset_not_found', 'There is no such file.');
    const current = request.query['v'] === asset.version;
    response.set({
      'Content-Type': asset.type,
      'Cache-Control': current ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: `"${asset.version}"`,
      Vary: 'Accept-Encoding',
    });
    if (request.acceptsEncodings('gzip') === 'gzip') {
      asset.packed ??= gzipSync(asset.bytes);
      response.set('Content-Encoding', 'gzip').send(asset.packed);
    } else {
      response.send(asset.bytes);
    }
  });
  return router;
}
