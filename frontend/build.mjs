// Bundles style sheet, script and fonts into marketplace/static/dist under names that carry a hash
// of their content, writes manifest.json (name -> hashed name) last, and lays .gz and .br beside.
import * as esbuild from "esbuild";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";

const ENTRIES = ["app.js", "app.css", "map.js", "map.css"].map((name) => `frontend/${name}`);
const OUT = "marketplace/static/dist";
const COPIED = ["marketplace/static/icons.svg", "marketplace/static/favicon.svg"];
const PACKED = /\.(css|js|svg)$/;

fs.rmSync(OUT, { recursive: true, force: true });
const result = await esbuild.build({
  entryPoints: ENTRIES,
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["es2020", "chrome90", "firefox90", "safari15"],
  outdir: OUT,
  metafile: true,
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".woff": "empty", ".png": "empty" },
  legalComments: "linked",
});

const manifest = {};
for (const [file, output] of Object.entries(result.metafile.outputs)) {
  const name = path.basename(file);
  if (ENTRIES.includes(output.entryPoint)) manifest[path.basename(output.entryPoint)] = name;
  else if (name.endsWith(".woff2")) manifest[name.replace(/-[A-Z0-9]{8}\./, ".")] = name;
}
for (const source of COPIED) {
  const content = fs.readFileSync(source);
  const { name, ext } = path.parse(source);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  fs.writeFileSync(path.join(OUT, `${name}-${hash}${ext}`), content);
  manifest[name + ext] = `${name}-${hash}${ext}`;
}
for (const name of fs.readdirSync(OUT).filter((name) => PACKED.test(name))) {
  const content = fs.readFileSync(path.join(OUT, name));
  fs.writeFileSync(path.join(OUT, `${name}.gz`), zlib.gzipSync(content, { level: 9 }));
  fs.writeFileSync(path.join(OUT, `${name}.br`), zlib.brotliCompressSync(content));
}
fs.writeFileSync(path.join(OUT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
