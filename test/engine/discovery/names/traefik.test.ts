import { describe, expect, it } from 'vitest';
import { namesOf } from './read.ts';

// After doc.traefik.io: routing/routers, reference/dynamic-configuration/file and docker, reference/static-configuration.
const yaml = `
entryPoints:
  web: {address: ":80"}
  websecure: {address: ":8443"}
  imaps: {address: "10.0.0.7:993/tcp"}
  internal:
    address: ":9443"
    http:
      tls:
        domains: [{main: main.example.test, sans: ["*.main.example.test"]}]
http:
  routers:
    a:
      rule: "(Host(\`a.example.test\`) || Host(\`www.a.example.test\`, 'x.example.test')) && PathPrefix(\`/a(b)\`)"
      entryPoints: [websecure]
      tls: {}
    plain:
      rule: Host(\`plain.example.test\`)
      entryPoints: [web]
    by-entry-point:
      rule: Host(\`b.example.test\`) && !Host(\`not.example.test\`)
      entryPoints: [web, internal]
    regexp:
      rule: HostRegexp(\`^.+\\.c\\.example\\.test$\`)
      tls: {domains: [{main: c.example.test}]}
tcp:
  routers:
    mail:
      rule: HostSNI(\`mail.example.test\`)
      entryPoints: [imaps]
      tls: {passthrough: true}
    all:
      rule: HostSNI(\`*\`)
      tls: {}
`;

describe('Traefik', () => {
  it('gives the names of rules of routers with TLS at their entry points, and of domains', async () => {
    const { names, notes } = await namesOf('auto', yaml);
    expect(names).toEqual([
      'a.example.test:8443 tls',
      'www.a.example.test:8443 tls',
      'x.example.test:8443 tls',
      'b.example.test:9443 tls',
      'c.example.test:443 tls',
      'mail.example.test:993 tls',
      'main.example.test:9443 tls',
      '*.main.example.test:9443 tls',
    ]);
    expect(notes).toEqual([]);
  });

  it('is read in TOML, too, with the lines of its rules', async () => {
    const { names, places } = await namesOf(
      'auto',
      '# dynamic\n[http.routers]\n  [http.routers.web]\n    rule = "Host(`a.example.test`)"\n    entryPoints = ["websecure"]\n    [http.routers.web.tls]\n      certResolver = "le"\n',
    );
    expect([names, places]).toEqual([['a.example.test:443 tls'], ['given:4']]);
  });

  it('gives the names of labels: of Compose as a list and a map, and of docker inspect', async () => {
    const compose = `services:
  traefik:
    command: ["--entrypoints.secure.address=:7443", "--entrypoints.secure.http.tls=true"]
  one:
    labels:
      - traefik.enable=true
      - "traefik.http.routers.one.rule=Host(\`one.example.test\`)"
      - traefik.http.routers.one.entrypoints=secure
  two:
    labels:
      traefik.http.routers.two.rule: Host(\`two.example.test\`) || Host(\`three.example.test\`)
      traefik.http.routers.two.tls: true
      traefik.http.routers.two.tls.domains[0].main: four.example.test
  plain:
    labels: ["traefik.http.routers.p.rule=Host(\`plain.example.test\`)", traefik.http.routers.p.entrypoints=web]
`;
    expect((await namesOf('auto', compose)).names.toSorted()).toEqual([
      'four.example.test:443 tls',
      'one.example.test:7443 tls',
      'three.example.test:443 tls',
      'two.example.test:443 tls',
    ]);
    const inspect = [
      {
        Config: {
          Labels: {
            'traefik.http.routers.x.rule': 'Host(`i.example.test`)',
            'traefik.http.routers.x.tls.certresolver': 'le',
          },
        },
      },
    ];
    expect((await namesOf('auto', JSON.stringify(inspect))).names).toEqual(['i.example.test:443 tls']);
  });

  it('gives the domains of an acme.json, whose keys are not looked at', async () => {
    const acme = {
      le: {
        Certificates: [
          {
            domain: { main: 'a.example.test', sans: ['b.example.test'] },
            certificate: 'LS0t',
            key: 'secret',
          },
        ],
      },
    };
    expect(await namesOf('auto', JSON.stringify(acme))).toMatchObject({
      names: ['a.example.test:443 tls', 'b.example.test:443 tls'],
      notes: [],
    });
  });

  it('says where the text is none of the forms', async () => {
    const { names, notes } = await namesOf('traefik', 'http:\n  routers: {a: [}\n');
    expect([names, notes]).toEqual([
      [],
      ['given:2: From here on, the text is not valid YAML, JSON or TOML.'],
    ]);
  });
});
