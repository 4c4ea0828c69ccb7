// Runs exports in engines that are not ours. A line of JSON in, a line of JSON out:
//   {"logic": …, "data": …}            → what json-logic-js makes of it
//   {"inputs": ["education", …], "rows": [["? != null and …", …], …], "facts": {…}} → for each row whether feelin says that all its cells are hit
import { createInterface } from 'node:readline';
import jsonLogic from 'json-logic-js';
import { evaluate, unaryTest } from 'feelin';

const value = (result) => (result !== null && typeof result === 'object' && 'value' in result ? result.value : result);

function hits({ inputs, rows, facts }) {
  const values = inputs.map((expression) => value(evaluate(expression, facts)));
  return rows.map((cells) => cells.every((cell, at) => value(unaryTest(cell, { ...facts, '?': values[at] })) === true));
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  console.log(JSON.stringify('rows' in asked ? hits(asked) : jsonLogic.apply(asked.logic, asked.data)));
}
