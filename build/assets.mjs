// Usage: node assets.mjs REPOSITORY OUTPUT
// Makes the files that the hub serves under /a/: every file of wwwroot/ and the vendor files below, each named by its
// content (so a browser may keep it forever) and compressed here once instead of at every request.
// Writes assets.json: { "app.css": { url, file, type, integrity, size, br, gz } }.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join, posix, relative, resolve, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [repository, output] = process.argv.slice(2).map(path => resolve(path));

const vendor = {
  'htmx.js': 'htmx.org/dist/htmx.min.js',
  'htmx-sse.js': 'htmx.org/dist/ext/hx-sse.min.js',
  'nacl.js': 'tweetnacl/nacl-fast.min.js',
  'qr.js': 'uqr/dist/index.mjs',
  'tabler.css': '@tabler/core/dist/css/tabler.min.css',
  'tabler.js': '@tabler/core/dist/js/tabler.min.js',
};

const types = {
  '.css': 'text/css; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
const sourceMap = /\n?\/[/*]# sourceMappingURL=[^\n]*\n?$/;

function* sources() {
  const root = join(repository, 'wwwroot');
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    yield [relative(root, path).split(sep).join('/'), readFileSync(path)];
  }
  for (const [name, path] of Object.entries(vendor)) {
    const text = readFileSync(join(repository, 'node_modules', path), 'utf8');
    yield [name, Buffer.from(text.replace(sourceMap, '\n'))];   // the map itself is not served
  }
}

/** Keeps a compressed copy only where it saves a tenth. */
function writeSmaller(file, content, compressed) {
  const worth = compressed.length < content.length * 0.9;
  if (worth) writeFileSync(join(output, file), compressed);
  return worth;
}

rmSync(output, { recursive: true, force: true });
mkdirSync(output, { recursive: true });

const manifest = {};
for (const [name, content] of sources()) {
  const extension = extname(name);
  const type = types[extension];
  if (!type) throw new Error(`assets.mjs: no content type is known for ${name}`);
  if (manifest[name]) throw new Error(`assets.mjs: wwwroot/${name} has the name of a vendor file`);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const file = `${posix.basename(name, extension)}.${hash}${extension}`;
  writeFileSync(join(output, file), content);
  manifest[name] = {
    url: `/a/${file}`,
    file,
    type,
    integrity: `sha384-${createHash('sha384').update(content).digest('base64')}`,
    size: content.length,
    br: writeSmaller(`${file}.br`, content, brotliCompressSync(content, brotli)),
    gz: writeSmaller(`${file}.gz`, content, gzipSync(content, { level: 9 })),
  };
}
writeFileSync(join(output, 'assets.json'), `${JSON.stringify(manifest, null, 2)}\n`);
