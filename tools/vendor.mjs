/* Fetches the front-end packages and writes static/vendor/. For developers; its output is committed, so nobody else needs Node.
 *
 *   node tools/vendor.mjs && python tools/bundle.py
 *
 * Run it after changing a version below, using a kit class for the first time, or naming a new icon.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = { 'htmx.org': '4.0.1', '@tabler/core': '1.6.1', '@tabler/icons-sprite': '3.48.0' };
const TOOLS = { purgecss: '8.0.0', lightningcss: '1.33.0' };
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const VENDOR = join(ROOT, 'static', 'vendor');
const TEMPLATES = filesIn('templates', '.html');
const SCRIPTS = filesIn('static/js', '.js');
// Classes that Python writes, and the everyday utilities: a later template may use these without running this tool.
const KEEP = [
  /^(btn|btn-(primary|secondary|danger|success|ghost-.*|outline-.*|sm|icon|list|link|loading)|disabled|active|show)$/,
  /^(form-(control|select|check|label|hint|fieldset|switch).*|is-invalid|invalid-feedback|input-group.*|required)$/,
  /^(card|card-(header|body|footer|title|actions)|table|table-(responsive|vcenter|nowrap)|badge|alert(-.*)?|progress|spinner-border.*)$/,
  /^[mp][tbsexy]?-(0|1|2|3|4|5|auto)$/,
  /^(gap|row-gap|column-gap)-[0-4]$/,
  /^d-(none|inline|inline-block|block|grid|flex|inline-flex)$/,
  /^d-(sm|md|lg)-(none|block|flex)$/,
  /^(flex-(row|column|wrap|fill|grow-1|shrink-0)|align-items-.*|justify-content-(start|end|center|between))$/,
  /^(text-(secondary|muted|danger|success|warning|primary|truncate|nowrap|break|center|end|start)|font-monospace|visually-hidden.*)$/,
  /^(fw-(normal|medium|bold)|small|h[1-5]|w-100|h-100|list-unstyled|overflow-auto|position-relative)$/,
];

function filesIn(folder, ending) {
  const names = readdirSync(join(ROOT, folder), { recursive: true });
  return names.filter((name) => name.endsWith(ending)).map((name) => join(ROOT, folder, name)).sort();
}

function install(folder) {
  writeFileSync(join(folder, 'package.json'), '{"private": true}');
  const wanted = Object.entries({ ...PACKAGES, ...TOOLS }).map(([name, version]) => `${name}@${version}`);
  execFileSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted], { cwd: folder, stdio: 'inherit' });
  return createRequire(join(folder, 'package.json'));
}

const withoutSourceMap = (text) => text.replace(/\n?(\/\/|\/\*)# sourceMappingURL=[^\n]*/g, '').trimEnd() + '\n';

async function purgedKit(modules, require) {
  const { PurgeCSS } = require('purgecss');
  const { transform } = require('lightningcss');
  const css = withoutSourceMap(readFileSync(join(modules, '@tabler/core/dist/css/tabler.css'), 'utf8'));
  const [purged] = await new PurgeCSS().purge({
    content: [...TEMPLATES, ...SCRIPTS],
    css: [{ raw: css }],
    safelist: { standard: [...KEEP, /^data-bs-theme$/, ':root', 'dark', 'light'] },
    variables: true,
    keyframes: true,
    fontFace: true,
    dynamicAttributes: ['data-bs-theme', 'aria-invalid', 'open'],
    defaultExtractor: (text) => text.match(/[\w-]+/g) ?? [],
  });
  return transform({ filename: 'tabler.css', code: Buffer.from(purged.css), minify: true }).code.toString() + '\n';
}

function iconNames() {
  const used = new Set();
  for (const path of TEMPLATES) {
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/(?:\{% icon |icon=)"([a-z0-9-]+)"/g)) used.add(name);
  }
  return [...used].sort();
}

function iconSprite(modules) {
  const sprite = readFileSync(join(modules, '@tabler/icons-sprite/dist/tabler-sprite.svg'), 'utf8');
  const symbols = iconNames().map((name) => {
    const found = sprite.match(new RegExp(`<symbol id="tabler-${name}"[\\s\\S]*?</symbol>`));
    if (!found) throw new Error(`No icon is called "${name}"`);
    return found[0].replace(`id="tabler-${name}"`, `id="i-${name}"`).replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', '');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}

function entry(file, name, licence, note) {
  const sha256 = createHash('sha256').update(readFileSync(join(VENDOR, file))).digest('hex');
  return [
    '[[file]]', `path = "${file}"`, `name = "${name}"`, `version = "${PACKAGES[name]}"`, `licence = "${licence}"`, `sha256 = "${sha256}"`, `note = "${note}"`, '',
  ].join('\n');
}

const folder = mkdtempSync(join(tmpdir(), 'vendor-'));
try {
  const require = install(folder);
  const modules = join(folder, 'node_modules');
  writeFileSync(join(VENDOR, 'htmx.js'), withoutSourceMap(readFileSync(join(modules, 'htmx.org/dist/htmx.min.js'), 'utf8')));
  writeFileSync(join(VENDOR, 'tabler.css'), await purgedKit(modules, require));
  writeFileSync(join(VENDOR, 'icons.svg'), iconSprite(modules));
  const manifest = [
    '# Written by tools/vendor.mjs. Do not edit.\n',
    entry('htmx.js', 'htmx.org', '0BSD', 'dist/htmx.min.js without its source map comment'),
    entry('tabler.css', '@tabler/core', 'MIT', 'dist/css/tabler.css, only the rules our pages use, minified'),
    entry('icons.svg', '@tabler/icons-sprite', 'MIT', 'only the icons our templates name'),
  ].join('\n');
  writeFileSync(join(VENDOR, 'VENDORED.toml'), manifest);
} finally {
  rmSync(folder, { recursive: true });
}
