import { answerLines, contenderOf, say } from './end.js';

// The server end, a process of its own: `node serve.js WHAT`. A line asks for the heap after a collection (--expose-gc).
const contender = await contenderOf(process.argv[2]);
say({ port: await contender.serve() });
await answerLines(() => {
  globalThis.gc?.();
  return { heapUsed: process.memoryUsage().heapUsed };
});
