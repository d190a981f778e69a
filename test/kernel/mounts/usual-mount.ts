import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { isUsualMountMasked } from '../../../src/kernel/mounts/usual-mount.ts'
import { writerStage } from '../../helpers/writer-stage.ts'

t.test(
  'a link to /dev/null or an empty file masks the unit, in the places of overrides',
  async (t) => {
    const unit = 'dev-hugepages.mount'
    const masked = (files: Readonly<Record<string, string>>) =>
      isUsualMountMasked(writerStage(t, files).tree)
    t.equal(masked({}), false)
    t.equal(masked({ [`/etc/systemd/system/${unit}`]: '[Mount]\n' }), false)
    t.equal(masked({ [`/etc/systemd/system/${unit}`]: '' }), true)
    t.equal(masked({ [`/usr/lib/systemd/system/${unit}`]: '' }), false)
    const { root, tree } = writerStage(t, {})
    mkdirSync(join(root, 'run/systemd/system'), { recursive: true })
    symlinkSync('/dev/null', join(root, 'run/systemd/system', unit))
    t.equal(isUsualMountMasked(tree), true)
  },
)
