import t from 'tap'
import {
  applyWords,
  isOwnService,
  serviceFiles,
  serviceMark,
} from '../../../../src/model/config/service/service-kind.ts'

t.test('only the mark at the beginning counts', async (t) => {
  t.equal(serviceMark, "# Written by hugepool; 'hugepool service remove' removes it.")
  t.ok(isOwnService(`${serviceMark}\n[Unit]\n`))
  t.ok(isOwnService(`#!/bin/sh\n${serviceMark}\n`))
  t.notOk(isOwnService(`\n\n${serviceMark}\n`))
  t.notOk(isOwnService(''))
  t.notOk(isOwnService(`${serviceMark} Not.\n`))
})

t.test('the words that it runs', async (t) => {
  t.strictSame(applyWords, ['apply', '--boot'])
})

t.test('the files', async (t) => {
  t.strictSame(serviceFiles, {
    systemd: {
      path: '/etc/systemd/system/hugepool.service',
      link: '/etc/systemd/system/sysinit.target.wants/hugepool.service',
      directory: '/etc/systemd/system',
    },
    openrc: {
      path: '/etc/init.d/hugepool',
      mode: 0o755,
      link: '/etc/runlevels/boot/hugepool',
      directory: '/etc/runlevels/boot',
    },
    sysvinit: { path: '/etc/init.d/hugepool', mode: 0o755, directory: '/etc/init.d' },
    runit: {
      path: '/etc/runit/core-services/09-hugepool.sh',
      directory: '/etc/runit/core-services',
    },
  })
})
