// Reads PowerShell from standard input and prints what a test wants to know of it as JSON: places that do not parse, the names of
// the commands that it runs and of the functions that it makes, and what happens when only a part of it arrives.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { Language, Parser } from 'web-tree-sitter';

await Parser.init();
const grammar = createRequire(import.meta.url).resolve('tree-sitter-powershell/tree-sitter-powershell.wasm');
const parser = new Parser();
parser.setLanguage(await Language.load(await readFile(grammar)));

const script = await text(process.stdin);
const root = parser.parse(script).rootNode;

/** Every node below this one, and itself; `enter` says whether to go into one. */
function* walk(node, enter = () => true) {
  yield node;
  if (enter(node)) {
    for (const child of node.children) yield* walk(child, enter);
  }
}

const isFunction = (node) => node.type === 'function_statement';
const nameOf = (node) => node.descendantsOfType('function_name')[0].text;

/** The grammar takes 0..9 for a command of that name. */
const isRange = (name) => /^[0-9]+\.\.[0-9]*$/.test(name);

/** The commands that run when the script does: those outside its functions. */
const runs = (tree) => [...walk(tree, (node) => !isFunction(node))].filter((node) => node.type === 'command').map((node) => node.text);

/** Beginnings that parse and would run something: cut after every line, and at each of the last characters. */
function actingCuts() {
  const lines = [...script.matchAll(/\n/g)].map((end) => end.index).slice(0, -1); // without its last line end, it is whole
  const last = Array.from({ length: 100 }, (_, lost) => script.length - lost - 2);
  return [...lines, ...last].map((length) => script.slice(0, length)).filter((cut) => {
    const tree = parser.parse(cut).rootNode;
    return !tree.hasError && runs(tree).length > 0;
  }).map((cut) => cut.length);
}

console.log(JSON.stringify({
  errors: [...walk(root)].filter((node) => node.isError || node.isMissing).map((node) => `${node.startPosition.row + 1}:${node.startPosition.column + 1} ${node.text.slice(0, 60)}`),
  commands: [...new Set(root.descendantsOfType('command_name').map((node) => node.text))].filter((name) => !isRange(name)).sort(),
  functions: root.descendantsOfType('function_statement').map(nameOf).sort(),
  runs: runs(root),
  actingCuts: actingCuts(),
}));
