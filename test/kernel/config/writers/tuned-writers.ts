import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { tunedWriters } from '../../../../src/kernel/config/writers/tuned-writers.ts'
import { writableFacts, writerLine, writerStage } from '../../../helpers/writer-stage.ts'

const active = '/etc/tuned/active_profile'
const main = '/etc/tuned/tuned-main.conf'
const off = { [main]: 'reapply_sysctl = 0\n' }
const profile = (name: string) => `/usr/lib/tuned/profiles/${name}/tuned.conf`

const found = (t: Test, files: Readonly<Record<string, string>>, isEnabled = true) => {
  const { root, tree, reader } = writerStage(t, {
    '/etc/systemd/system/multi-user.target.wants/.keep': '',
    ...files,
  })
  const link = join(root, '/etc/systemd/system/multi-user.target.wants/tuned.service')
  if (isEnabled) symlinkSync('/x', link)
  else mkdirSync(`${root}/x`)
  return tunedWriters(tree, reader, writableFacts).map(writerLine)
}

t.test('the active profile with those that it includes', async (t) => {
  const files = {
    ...off,
    [active]: 'mine\n',
    [profile('mine')]: '[main]\ninclude=base\n[sysctl]\nvm.nr_hugepages=64\n',
    [profile('base')]:
      '[main]\ninclude=mine\n[sysctl]\nvm.nr_hugepages=1\nvm.nr_overcommit_hugepages=2\n[sysfs]\n/sys/kernel/mm/hugepages/hugepages-1048576kB/nr_hugepages=3\n',
    [profile('other')]: '[sysctl]\nvm.nr_hugepages=9\n',
  }
  t.strictSame(found(t, files), [
    `tuned after ${profile('mine')}:4 persistent 2M=64`,
    `tuned after ${profile('base')}:5 overcommit 2M=2`,
    `tuned after ${profile('base')}:7 persistent 1G=3`,
  ])
  t.strictSame(found(t, files, false), [], 'tuned does not start')
  const own = '/etc/tuned/profiles/mine/tuned.conf'
  t.strictSame(found(t, { ...files, [own]: '[sysctl]\nvm.nr_hugepages=5\n' }), [
    `tuned after ${own}:2 persistent 2M=5`,
  ])
  t.strictSame(found(t, { ...off, [active]: 'none ../x\n' }), [])
})

t.test('sysctl.d once more, unless that is switched off', async (t) => {
  const file = '/etc/sysctl.d/a.conf'
  const sysctl = { [file]: 'vm.nr_hugepages=7\n' }
  t.strictSame(found(t, sysctl), [`tuned after ${file}:1 persistent 2M=7`])
  t.strictSame(found(t, { ...sysctl, ...off }), [])
  t.strictSame(found(t, sysctl, false), [])
})

t.test('scripts of profiles, which are run last', async (t) => {
  const sysctl = '/etc/sysctl.d/a.conf'
  const files = {
    [active]: 'mine\n',
    [sysctl]: 'vm.nr_hugepages=7\n',
    [profile('mine')]: `[script]\nscript=\${i:PROFILE_DIR}/a.sh, /opt/b.sh b.sh /opt/none\n`,
    '/usr/lib/tuned/profiles/mine/a.sh': '#!/bin/sh\nsysctl vm.nr_hugepages=5\n',
    '/opt/b.sh': '#!/bin/sh\nhugeadm --pool-pages-min 2M:4\n',
    'b.sh': 'sysctl vm.nr_hugepages=6\n',
  }
  t.strictSame(found(t, files), [
    `tuned after ${sysctl}:1 persistent 2M=7`,
    'tuned after /usr/lib/tuned/profiles/mine/a.sh:2 persistent 2M=5',
    'tuned after /opt/b.sh:2 hugeadm --pool-pages-min 2M:4',
  ])
})

t.test('a profile that is loaded after the active one', async (t) => {
  const files = {
    ...off,
    [active]: 'mine\n',
    '/etc/tuned/post_loaded_profile': 'late\n',
    [profile('mine')]: '[sysctl]\nvm.nr_hugepages=1\n',
    [profile('late')]: '[sysctl]\nvm.nr_hugepages=2\n',
  }
  t.strictSame(found(t, files), [`tuned after ${profile('late')}:2 persistent 2M=2`])
})

t.test('the kernel command line keeps tuned from setting THP', async (t) => {
  const thp = '/sys/kernel/mm/transparent_hugepage'
  const files = {
    '/etc/systemd/system/multi-user.target.wants/tuned.service': '',
    ...off,
    [active]: 'mine\n',
    [profile('mine')]: '[vm]\ntransparent_hugepages=never\ntransparent_hugepage.defrag=defer\n',
  }
  const facts = { sizes: [], nodes: [], paths: [`${thp}/enabled`, `${thp}/defrag`] }
  const linesWith = (words: Readonly<Record<string, string>>) => {
    const { tree, reader } = writerStage(t, { ...files, ...words })
    return tunedWriters(tree, reader, facts).map(
      ({ path, value, line, when }) => `${path}:${line} ${value} ${when}`,
    )
  }
  const both = [`${thp}/enabled:2 never after`, `${thp}/defrag:3 defer after`]
  t.strictSame(linesWith({}), both)
  t.strictSame(linesWith({ '/proc/cmdline': 'quiet transparent_hugepages=x\n' }), both)
  t.strictSame(linesWith({ '/proc/cmdline': 'a transparent_hugepage=always\n' }), both.slice(1))
})
