import { describe, expect, test } from "vitest";

import { compileBody, tidyHtml, tidyText } from "./email-body.ts";

const plain = (html: string) => html.replaceAll(/ style="[^"]*"/g, "");

describe("a Markdown body", () => {
  test("becomes HTML with its styles on the elements, and text without markup", () => {
    const { html, text } = compileBody(
      "# Hello\n\nOne **bold** word\nnext line\n\n- a\n- b\n\n[here](https://studio.example)",
      "markdown",
    );
    expect(plain(html)).toBe(
      "<h1>Hello</h1>\n<p>One <strong>bold</strong> word<br>next line</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n" +
        '<p><a href="https://studio.example">here</a></p>\n',
    );
    expect(html).toContain('<p style="margin:0 0 16px">');
    expect(text).toBe("Hello\n\nOne bold word\nnext line\n\n- a\n- b\n\nhere (https://studio.example)");
  });

  test("passes liquid through unchanged, with its quotes, pipes and braces, also inside links and code", () => {
    const liquid = '{{ firstName | default: "you_and_me" }}';
    const { html, text } = compileBody(
      `Hi ${liquid}\n\n[go](https://x.example/{{ custom.a_b_c }}?q={{ q }}) \`${liquid}\``,
      "markdown",
    );
    expect(plain(html)).toBe(
      `<p>Hi ${liquid}</p>\n<p><a href="https://x.example/{{ custom.a_b_c }}?q={{ q }}">go</a> <code>${liquid}</code></p>\n`,
    );
    expect(text).toBe(`Hi ${liquid}\n\ngo (https://x.example/{{ custom.a_b_c }}?q={{ q }}) ${liquid}`);
  });

  test("makes no paragraph of a tag that stands alone", () => {
    const { html } = compileBody(
      "{% if company %}\n\nAt {{ company }}\n\n{% endif %}\n\nBye\n{% if a %}\nA\n{% endif %}",
      "markdown",
    );
    expect(plain(html)).toBe(
      "{% if company %}<p>At {{ company }}</p>\n{% endif %}<p>Bye<br>{% if a %}A<br>{% endif %}</p>\n",
    );
  });

  test("has a line of text for each row of a table", () => {
    expect(compileBody("| Plan | Price |\n|---|---|\n| Start | {{ custom.price }} |\n\nBye", "markdown").text).toMatch(
      /^Plan {1,2}Price\s*\nStart {1,2}\{\{ custom\.price \}\}\s*\n\nBye$/,
    );
  });

  test("does not mistake the author's words for its own marks", () => {
    const { html, text } = compileBody("zq0e and zqq1e {{ a }}", "markdown");
    expect(plain(html)).toBe("<p>zq0e and zqq1e {{ a }}</p>\n");
    expect(text).toBe("zq0e and zqq1e {{ a }}");
  });

  test("keeps braces that were written as entities from becoming liquid in the text", () => {
    expect(compileBody("&#123;&#123; firstName }}", "markdown").text).toBe('{{ "{{" }} firstName }}');
  });
});

describe("an HTML body", () => {
  test("stays as it is, and has a text part", () => {
    const source =
      '<p class="x">Hi {{ firstName | default: "there" }}</p><img src="a.png" alt="A"><p><a href="https://studio.example">https://studio.example</a></p>';
    const { html, text, isDocument } = compileBody(source, "html");
    expect(html).toBe(source);
    expect(text).toBe('Hi {{ firstName | default: "there" }}\n\nhttps://studio.example');
    expect(isDocument).toBe(false);
  });

  test("is told apart from a whole page", () => {
    expect(compileBody("<!doctype html><html><body>Hi</body></html>", "html").isDocument).toBe(true);
    expect(compileBody("<HTML lang=en><body>Hi</body></HTML>", "html").isDocument).toBe(true);
  });
});

describe("a filled-in body", () => {
  test("has no gaps where a condition left nothing", () => {
    expect(tidyHtml('<p>a</p>\n<p style="margin:0"> </p>\n<p>b</p>')).toBe("<p>a</p>\n<p>b</p>");
    expect(tidyText("a  \r\n\r\n\r\n\r\nb\n\n")).toBe("a\n\nb");
  });

  test.each(["javascript:alert(1)", "JavaScript:alert(1)", " java\tscript:alert(1)", "vbscript:x", "data:text/html,x"])(
    "has no link that runs code: %j",
    (url) => {
      expect(tidyHtml(`<a style="x" href="${url}">a</a>`)).toBe('<a style="x" href="#">a</a>');
    },
  );

  test.each(["https://a.example/?q=javascript:x", "mailto:a@a.example", "tel:+1", "data:image/png;base64,x", "#top"])(
    "keeps the link %s",
    (url) => {
      expect(tidyHtml(`<a href='${url}'>a</a>`)).toBe(`<a href='${url}'>a</a>`);
    },
  );
});

describe("an HTML body with a style sheet", () => {
  const html = (content: string) => compileBody(content, "html").html;

  test("carries its styles on its elements, since mail programs drop style sheets", () => {
    expect(html("<style>.a{color:red} p{margin:0}</style><p class='a' style='margin:4px'>Hi</p>")).toBe(
      '<p class="a" style="color: red; margin: 4px;">Hi</p>',
    );
  });

  test("keeps in its sheet what no element can carry: media queries and hover", () => {
    const kept = html("<style>a{color:red} a:hover{color:blue} @media (max-width:1px){a{color:green}}</style><a>x</a>");
    expect(kept).toMatch(/<style>[\s\S]*a:hover[\s\S]*@media[\s\S]*<\/style><a style="color: red;">x<\/a>/);
  });

  test("fetches nothing that it names", () => {
    expect(
      html(
        '<link rel="stylesheet" href="https://a.example/a.css"><style>@import url(https://a.example/b.css);</style><p>x</p>',
      ),
    ).not.toContain("style=");
  });

  test("keeps its liquid to the letter, in words, links and values, and its conditions around rows", () => {
    const content =
      '<style>td{color:red}</style><table>{% if a %}<tr><td>{{ b | default: "x>y" }} &amp; é</td></tr>{% endif %}</table><a href="{{ u }}?a=1&b=2" class="{% if c %}d{% endif %}">q</a>';
    expect(html(content)).toBe(
      '<table>{% if a %}<tr><td style="color: red;">{{ b | default: "x>y" }} &amp; é</td></tr>{% endif %}</table><a href="{{ u }}?a=1&b=2" class="{% if c %}d{% endif %}">q</a>',
    );
  });

  test("stays as it is where conditions make its tags themselves", () => {
    const content = '<style>p{color:red}</style><p {% if a %}class="b"{% endif %}>x</p>';
    expect(html(content)).toBe(content);
  });
});
