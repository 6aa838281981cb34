//! Words and files that mean harm, in the real client: whatever people write, nothing of it runs. Every page that `open` gives
//! fails its test at a dialog, at an error, and at a breach of the content policy.
//!
//! The families are those of the fixtures of HTML cleaners; the words are our own.

import type { Page } from '@playwright/test';
import type { Api } from './api';
import { expect, messages, test } from './fixture';
import type { Server } from './server';

/** What would be run, by the way in which it would be. */
const hostile: Record<string, string[]> = {
  elements: ['<script>alert(1)</script>', '<iframe src="javascript:alert(1)"></iframe>', '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>', '<object data="javascript:alert(1)"></object>', '<embed src="javascript:alert(1)">', '<base href="//evil.example/">', '<link rel=stylesheet href="//evil.example/x.css">', '<meta http-equiv=refresh content="0;url=javascript:alert(1)">', '<style>@import "//evil.example/x.css"; * { display: none }</style>'],
  handlers: ['<img src=x onerror=alert(1)>', '<body onload=alert(1)>', '<input autofocus onfocus=alert(1)>', '<details open ontoggle=alert(1)>x</details>', '<video><source onerror=alert(1)></video>', '<marquee onstart=alert(1)>x</marquee>', '<p onmouseover=alert(1)>x</p>', '<x contenteditable autofocus onfocus=alert(1)>x</x>', '<img/src=x/onerror=alert(1)//', '<img src="x`onerror=alert(1)`">'],
  addresses: ['[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](java\tscript:alert(1))', '[x](&#106;avascript:alert(1))', '[x](javascript&colon;alert(1))', '[x](data:text/html,<script>alert(1)</script>)', '[x](vbscript:msgbox)', '<javascript:alert(1)>', '![x](javascript:alert(1))', '![x](data:image/svg+xml,<svg onload=alert(1)>)', '[x]: javascript:alert(1)\n\n[x]', '<a href="\u0001javascript:alert(1)">x</a>', '[x](//evil.example/)'],
  svg: ['<svg onload=alert(1)>', '<svg><script>alert(1)</script></svg>', '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>', '<svg><animate onbegin=alert(1) attributeName=x></svg>', '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"></svg>', '<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>'],
  mathml: ['<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>', '<math href="javascript:alert(1)">x</math>', '<math><annotation-xml encoding="text/html"><script>alert(1)</script></annotation-xml></math>'],
  // Read in one way by who cleans and in another by who shows.
  mutations: ['<noscript><p title="</noscript><img src=x onerror=alert(1)>">', '<textarea><p title="</textarea><img src=x onerror=alert(1)>">', '<title><p title="</title><img src=x onerror=alert(1)>">', '<xmp><p title="</xmp><img src=x onerror=alert(1)>">', '<template><img src=x onerror=alert(1)></template>', '<form><div></form><form><math><mtext></form><img src=x onerror=alert(1)>', '<svg></p><style><a id="</style><img src=x onerror=alert(1)>">', '<table><td><svg><desc><table><td><img src=x onerror=alert(1)>', '<!--><img src=x onerror=alert(1)>-->', '<!--<img src="--><img src=x onerror=alert(1)//">', '<![CDATA[><img src=x onerror=alert(1)>]]>', '<?x ><img src=x onerror=alert(1)>?>', '&lt;img src=x onerror=alert(1)&gt;', '<a title="`<img src=x onerror=alert(1)>`">x</a>'],
  // Through the markdown, where text becomes attributes.
  markdown: ['`<img src=x onerror=alert(1)>`', '```"onclick=alert(1)\n<script>alert(1)</script>\n```', '![" onerror=alert(1) x="](x)', '[x](x "\\" onclick=alert(1) \\"")', '[<img src=x onerror=alert(1)>](x)', '<http://a.example/"onclick=alert(1)>', 'https://a.example/?"><img/src=x/onerror=alert(1)>', '| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |', '- [ ] <input onfocus=alert(1) autofocus>', '@[<img src=x onerror=alert(1)>](user:1)', '**<script>**alert(1)**</script>**', '~~<s onclick=alert(1)>~~'],
  // Names that the page's own scripts might ask the document for.
  clobbering: ['<a id=location name=href href="javascript:alert(1)">x</a>', '<form id=document><input name=cookie></form>', '<img name=createElement>', '<a id=trustedTypes><a id=trustedTypes name=createPolicy>'],
  templates: ['{{constructor.constructor("alert(1)")()}}', '${alert(1)}', '{@html "<img src=x onerror=alert(1)>"}', '<div {...alert(1)}>', '#{alert(1)}', '<%= alert(1) %>'],
};

/** Nothing in the document came from what people wrote but what the server lets through. */
async function isHarmless(page: Page): Promise<void> {
  const found = await page.evaluate(() => {
    const wrong: string[] = [];
    for (const element of document.querySelectorAll('main *, [role=dialog] *, nav *')) {
      for (const { name, value } of element.attributes) {
        if (name.startsWith('on') || /^\s*(javascript|vbscript|data):/i.test(value.replaceAll(/[\u0000-\u0020]/g, '')) || name === 'srcdoc') wrong.push(`${element.tagName} ${name}=${value}`);
      }
      const inside = element.closest('.markdown') !== null;
      if (/^(SCRIPT|IFRAME|OBJECT|EMBED|BASE|META|LINK|STYLE|FORM|TEMPLATE|MATH|VIDEO)$/.test(element.tagName.toUpperCase()) && (inside || /^(SCRIPT|IFRAME|OBJECT|EMBED|BASE|MATH)$/i.test(element.tagName))) wrong.push(element.outerHTML.slice(0, 200));
      if (inside && /^svg$/i.test(element.tagName)) wrong.push(element.outerHTML.slice(0, 200));
    }
    return wrong;
  });
  expect(found).toEqual([]);
}

/** Says something with a file; the address of the file, or null when it was refused. */
async function upload(server: Server, person: Api, task: number, name: string, type: string, body: string): Promise<string | null> {
  const form = new FormData();
  form.set('taskId', String(task));
  form.set('content', 'see the file');
  form.set('files', new Blob([body], { type }), name);
  const { status, answer } = await person.form<{ data: { attachments: { url: string }[] } }>('/api/messages', form);
  expect([201, 415]).toContain(status);
  const url = answer.data?.attachments[0]?.url;
  return status === 201 && url !== undefined ? server.url + url : null;
}

test.describe('What means harm', () => {
  test('hostile words run nothing wherever they are shown', async ({ open, server, ada, bo, expected }) => {
    test.setTimeout(600_000);
    // Pictures of other places are not loaded, which the browser tells: the policy at work.
    expected.push(/Content Security Policy directive: "img-src/);
    const image = '<img src=x onerror=alert(1)>';
    await bo.call('PUT', '/api/auth/profile', { name: `Bo ${image}` });
    await bo.call('POST', '/api/views', { name: image, query: '', shared: true });
    const tickets: [number, number][] = [];
    for (const [family, texts] of Object.entries(hostile)) {
      const id = await bo.ticket(`${family} ${texts[0]}`, { description: texts.join('\n\n') });
      for (const text of texts) await bo.say(id, text);
      await bo.call('POST', '/api/summaries', { taskId: id, content: texts.join('\n\n') });
      tickets.push([id, texts.length]);
    }
    const named = await bo.ticket(`{{7*7}} ${image}`);
    await bo.say(named, `Look @[Ada](user:${ada.user.id}) ${image}`);
    expect(await upload(server, bo, named, `${image}.txt`, 'text/plain', 'words')).not.toBeNull();
    tickets.push([named, 2]);

    const page = await open(ada, '/tickets');
    for (const [id, count] of tickets) {
      await page.goto(`${server.url}/t/${id}`);
      await expect(messages(page)).toHaveCount(count, { timeout: 60_000 });
      await isHarmless(page);
    }
    await expect(page.getByText(`${image}.txt`).first()).toBeVisible();
    for (const path of ['/tickets', '/inbox', '/search?q=img', `/tickets?q=${encodeURIComponent(image)}`, `/${encodeURIComponent(image)}`, `/t/${encodeURIComponent(image)}`]) {
      await page.goto(server.url + path);
      await expect(page.locator('main').first()).toBeVisible();
      await page.waitForLoadState('networkidle');
      await isHarmless(page);
    }
  });

  test('files that would run something are downloads', async ({ open, server, ada, bo, expected }) => {
    // The browser's own page around a picture has styles, which the policy of files forbids as well.
    expected.push(/^Applying inline style violates .* 'default-src 'none''/);
    const id = await bo.ticket('Files');
    const script = 'document.title = "ran"; alert(document.cookie)';
    const files: [string, string, string][] = [
      ['a.html', 'text/html', `<!doctype html><script>${script}</script>`],
      ['a.svg', 'image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg" onload='${script}'><script>${script}</script></svg>`],
      ['a.xhtml', 'application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml"><script>${script}</script></html>`],
      ['a.txt', 'text/plain', `<!doctype html><script>${script}</script>`],
      ['b.txt', 'text/html', `words, then <script>${script}</script>`],
      ['a.csv', 'text/html', `<script>${script}</script>,=cmd()\n1,2\n`],
      ['a.gif', 'image/gif', `GIF89a/*${'\0'.repeat(20)}*/=1;${script}`],
      ['a.js', 'text/javascript', script],
    ];
    const page = await open(ada, `/t/${id}`);
    await expect(page.locator('main').first()).toBeVisible();
    let kept = 0;
    for (const [name, type, body] of files) {
      const url = await upload(server, bo, id, name, type, body);
      if (url === null) continue;
      kept += 1;
      const headers = (await page.request.get(url)).headers();
      expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      const picture = /^image\/(jpeg|png|gif|webp)$/.test(headers['content-type'] ?? '');
      expect(headers['content-disposition']).toMatch(picture ? /^inline/ : /^attachment/);
      // Straight to its address, as a link leads: the browser saves it, or shows a picture.
      if (picture) await page.goto(url);
      else await Promise.all([page.waitForEvent('download'), page.goto(url).catch((error: Error) => expect(error.message).toMatch(/download|ERR_ABORTED/i))]);
      expect(await page.title()).not.toBe('ran');
    }
    expect(kept).toBeGreaterThan(2);
  });
});
