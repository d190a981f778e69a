import t from 'tap'
import { kubeletFiles, pagesKept } from '../../../src/model/processes/kubelet-configuration.ts'
import { G, M } from '../../helpers/sizes.ts'

t.test('where the files of a kubelet are', async (t) => {
  const usual = {
    config: '/var/lib/kubelet/config.yaml',
    state: '/var/lib/kubelet/memory_manager_state',
  }
  const words = ['/usr/bin/kubelet', '--v=2']
  t.strictSame(kubeletFiles([]), usual)
  t.strictSame(kubeletFiles(words), usual)
  t.strictSame(kubeletFiles([...words, '--config=', '--root-dir=', '--configure=x']), usual)
  t.strictSame(kubeletFiles([...words, '--config=/a', '--root-dir', '/b', '--config', '/c']), {
    config: '/c',
    state: '/b/memory_manager_state',
  })
  t.strictSame(kubeletFiles([...words, '--config', '/c', '--config=/a', '--root-dir=/b']), {
    config: '/a',
    state: '/b/memory_manager_state',
  })
  t.strictSame(kubeletFiles([...words, '--config']), usual)
})

/** As kubeadm writes it, with what an administrator adds. */
const config = `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
evictionHard:
  memory.available: "100Mi" # hugepages-2Mi: 64Mi
kind: KubeletConfiguration
kubeReserved:
  memory: 200Mi
  hugepages-2Mi: "256Mi"
memoryManagerPolicy: Static

reservedMemory:
- numaNode: 0
  limits:
    memory: 1Gi
    hugepages-2Mi: 512Mi
- numaNode: 1
  limits:
    hugepages-2Mi: 256Mi

    'hugepages-1Gi': 1Gi
# systemReserved:
#   hugepages-1Gi: 8Gi
systemReserved: {cpu: 500m, memory: 1Gi, hugepages-2Mi: 512Mi}
hugepages-64Ki: 1Gi
`

const kept = (text: string) => [...pagesKept(text)]

t.test('what is kept from pods', async (t) => {
  t.strictSame(kept(config), [
    [2n * M, 768n * M],
    [G, G],
  ])
  t.strictSame(kept(config.replace('"256Mi"', '"320Mi"')), [
    [2n * M, 832n * M],
    [G, G],
  ])
  t.strictSame(kept(config.replace('hugepages-2Mi: 512Mi}', 'hugepages-2Mi: 5Mi}')), [
    [2n * M, 768n * M],
    [G, G],
  ])
  t.strictSame(kept('systemReserved:\n  hugepages-2Mi: 1048576\n  hugepages-2Mi: 1Ki\n'), [
    [2n * M, M + 1024n],
  ])
})

t.test('a configuration in JSON', async (t) => {
  const text = JSON.stringify({
    kind: 'KubeletConfiguration',
    systemReserved: { 'hugepages-1Gi': '2Gi' },
    kubeReserved: { 'hugepages-1Gi': '1Gi' },
  })
  t.strictSame(kept(text), [[G, 3n * G]])
  t.strictSame(kept(` ${text}`), [[G, 3n * G]])
  t.strictSame(kept(`${text}}`), [])
})

t.test('a configuration that keeps nothing, and amounts that nobody understands', async (t) => {
  const texts = [
    '',
    '{}',
    'systemReserved:\n  memory: 1Gi\n',
    'systemReserved:\n  hugepages-odd: 1Gi\n',
    'systemReserved:\n  hugepages-2Mi: 1G\n',
    'systemReserved:\n  hugepages-2Mi: 1.5Gi\n',
    'systemReserved:\n  hugepages-2Mi: x\n',
  ]
  t.strictSame(
    texts.map(kept),
    texts.map(() => []),
  )
})
