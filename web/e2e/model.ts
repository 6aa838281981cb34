//! A language model that answers as it is told: as much of OpenAI's protocol as the server asks of it.

import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Material {
  ticket: { title: string };
  messages?: { id: number; author: string; text: string }[];
  message?: { text: string };
}

export class Model {
  /** What it does with the next questions; `declines` is a failure that is not tried again. */
  does: 'answers' | 'declines' = 'answers';
  #waiting: (() => void)[] | null = null;

  private constructor(
    private server: Server,
    /** Settings of a server that asks it. */
    readonly settings: Record<string, string>,
  ) {}

  static async start(): Promise<Model> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const model = new Model(server, { OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`, OPENAI_MODEL: 'a-model', OPENAI_API_KEY: 'sk-of-a-test' });
    server.on('request', (request, response) => {
      void model.#answer(request).then((answer) => {
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify(answer));
      });
    });
    return model;
  }

  /** From now on questions wait; what this returns lets them go on. */
  hold(): () => void {
    this.#waiting = [];
    return () => {
      const waiting = this.#waiting ?? [];
      this.#waiting = null;
      for (const go of waiting) go();
    };
  }

  async stop(): Promise<void> {
    this.#waiting?.forEach((go) => go());
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as { messages: { content: string }[] };
    const material = JSON.parse(asked.messages[1]?.content ?? '{}') as Material;
    const waiting = this.#waiting;
    if (waiting !== null) await new Promise<void>((resolve) => waiting.push(resolve));
    const declines = this.does === 'declines';
    return {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: 'a-model',
      choices: [{ index: 0, finish_reason: declines ? 'content_filter' : 'stop', message: { role: 'assistant', content: declines ? '' : JSON.stringify(right(material)) } }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
    };
  }
}

/** A review rejects what shouts; a summary says how the last message begins. */
function right({ ticket, messages = [], message }: Material): unknown {
  if (message !== undefined) {
    const shouts = message.text.includes('!');
    return {
      verdict: shouts ? 'reject' : 'approve',
      feedback: shouts ? 'Say it without shouting.' : 'It says what it should.',
      appropriateness: shouts ? 'questionable' : 'appropriate',
      sentiment: 'neutral', escalate: false, accuracy: 'consistent', compliance: [],
      evidence: [{ kind: 'opening', quote: message.text.split(' ')[0] }],
    };
  }
  const last = messages.at(-1);
  return {
    summary: `${ticket.title}, lastly: ${last?.text ?? 'nothing'}`,
    issue: 'Something is broken.', investigation: 'Somebody looked.', nextSteps: 'It will be mended.',
    keyPoints: last === undefined ? [] : [{ text: `${last.author} said so`, messageIds: [last.id] }],
    entities: last === undefined ? [] : [{ kind: 'host', text: 'printer-2', messageIds: [last.id] }],
  };
}
