import { answerLines, contenderOf, say } from './end.js';
import { measure, readLoad } from './load.js';

// The client end, a process of its own: `node call.js WHAT PORT`. A line is a load, its answer the measurement.
const contender = await contenderOf(process.argv[2]);
const calls = await contender.open(Number(process.argv[3]));
say({});
await answerLines(async line => {
  const load = readLoad(line);
  const call = calls(load.bodyBytes);
  const size = contender.sizeOf(await call());
  if (size !== load.bodyBytes) throw new Error(`Sent ${load.bodyBytes} bytes, ${size} came back.`);
  return measure(call, load);
});
