import type { Family } from './row.ts';

const away = 'it sends or fetches over a network';

/** Programs that reach other machines. */
export const network: Family = {
  curl: {
    form: 'fetched',
    lenient: true,
    does: ['external'],
    because: away,
    options:
      'o=write output=write O remote-name remote-name-all J remote-header-name output-dir=text stderr=write etag-save=write hsts=write alt-svc=write libcurl=write ' +
      'K=read config=read T=read upload-file=read d= data= H= header= X= request= u= user= D=write dump-header=write c=write cookie-jar=write trace=write trace-ascii=write x= proxy= A= e= m= b= w= F= E= r=',
    unpacks: { into: 'output-dir', acts: 'O remote-name remote-name-all' },
    cases: {
      'curl -fsSL example.org -o a': 'write external >a',
      'curl --data @a localhost': 'external',
      'curl -sO https://example.org/a.txt': 'write external >** >a.txt',
      'curl --output-dir b -O https://example.org/a': 'write external >b/** >b/a',
      'curl --output-dir b -o c example.org': 'write external >b/** >c',
      'curl --stderr a --etag-save b --hsts c --alt-svc d example.org':
        'write external >a >b >c >d',
    },
  },
  'wget wget2': {
    form: 'fetched',
    lenient: true,
    does: ['external'],
    because: away,
    options:
      'O=write output-document=write o=write output-file=write a=write append-output=write P=text directory-prefix=text i=read input-file=read spider post-data= post-file=read header= U= user-agent= save-cookies=write hsts-file=write warc-file=write rejected-log=write ' +
      'use-askpass=program e=unclear execute=unclear config=unclear t= T= w= Q= l= A= R= D= I= X=',
    unpacks: { into: 'P directory-prefix', looks: 'O output-document spider' },
    cases: {
      'wget -O a example.org': 'write external >a',
      'wget -qOa example.org': 'write external >a',
      'wget https://example.org/a': 'write external >** >a',
      'wget -P b https://example.org/a': 'write external >b/** >b/a',
      "wget --spider --use-askpass='rm a' example.org": 'write external unknown >a',
      'wget -O a -e use_proxy=1 example.org': 'write external unknown >a',
    },
  },
  'http https httpie xh aria2c lynx links w3m': {
    lenient: true,
    does: ['external'],
    because: away,
    options:
      'o=write output=write d= H= e=unclear P=write directory-prefix=write log=write l=write save-session=write dir=write',
    cases: { 'http -o a example.org': 'write external >a' },
  },
  'scp sftp': {
    form: 'rsync',
    lenient: true,
    does: ['external'],
    because: away,
    options:
      'o=unclear F=unclear S=unclear J=unclear D=unclear b=unclear s=unclear i=read P= l= c= B= R= X=',
    cases: {
      'scp host:a b': 'write external >b',
      'scp a host:b': 'read external <a',
      'scp -oProxyCommand=x a host:b': 'read external unknown <a',
    },
  },
  'ssh rsh rlogin mosh telnet nc ncat netcat socat ftp tftp lftp ssh-copy-id ssh-keyscan nmap ping ping6 traceroute dig nslookup host whois ip ifconfig iptables openvpn':
    {
      lenient: true,
      does: ['external'],
      because: away,
      options: 'o=unclear F=unclear S=unclear e=unclear c=unclear exec=unclear sh-exec=unclear',
      cases: {
        'ssh host ls': 'external',
        'ssh -oProxyCommand=x host': 'external unknown',
        'nc -e sh host 1': 'external unknown',
      },
    },
  rsync: {
    lenient: true,
    options:
      'e=program rsh=program rsync-path=unclear f= filter= exclude= include= files-from=read log-file=write write-batch=write only-write-batch=write read-batch=read M= remote-option=unclear partial-dir= backup-dir=write T=write temp-dir=write password-file=read delete!write',
    form: 'rsync',
    cases: {
      'rsync -a a b': 'read write <a >b',
      'rsync -a a host:b': 'read external <a',
      'rsync -e "curl x" a b': 'read write external unknown <a >b',
      'rsync -a a rsync://host/b': 'read external <a',
    },
  },
  'firebase vercel netlify wrangler heroku fly flyctl surge now railway serverless sls cdk pulumi terraform tofu ansible ansible-playbook vagrant packer gh-pages semantic-release release-it np lerna-publish codecov coveralls codeclimate snyk sentry-cli changelog-release standard-release gcloud az doctl linode-cli ibmcloud oci s3cmd rclone gsutil twilio stripe auth0 okta newman percy chromatic bundlesize-upload greenkeeper-lockfile-upload nx-cloud auto lerna-changelog github-release ghr hub glab jira mail mailx sendmail mutt psql mysql mysqldump pg_dump redis-cli mongo mongosh sqlcmd cqlsh influx kcat kafka-topics nats aws-vault op bw vault consul nomad argocd flux istioctl helmfile skaffold tilt eksctl kops minikube kind ngrok cloudflared localtunnel lt':
    {
      lenient: true,
      does: ['external'],
      because: 'it acts on services outside of this machine',
      cases: {
        'vercel --prod': 'external',
        'psql -c "drop table a"': 'external',
        'gh-pages -d a': 'external',
      },
    },
  'aws kubectl helm oc': {
    lenient: true,
    does: ['external'],
    because: 'it acts on services outside of this machine',
    subcommands: {
      'version help completion explain config': { lenient: true },
      'delete drain uninstall destroy': { lenient: true, does: ['irreversible'] },
    },
    otherwise: { lenient: true },
    cases: {
      'kubectl get pods': 'external',
      'kubectl delete pod a': 'external irreversible',
      'aws s3 ls': 'external',
    },
  },
  gh: {
    lenient: true,
    does: ['external'],
    because: 'it acts on a repository outside of this machine',
    subcommands: { 'repo release pr issue gist secret workflow run': { lenient: true } },
    otherwise: { lenient: true },
    cases: { 'gh pr create --fill': 'external', 'gh "$X"': 'external unknown' },
  },
  'docker podman nerdctl': {
    options:
      'H=unclear host=unclear context=unclear c=unclear config=unclear D debug l= log-level= tls tlscacert= tlscert= tlskey= tlsverify v version',
    does: ['external'],
    because: 'its daemon acts outside of the sandbox',
    subcommands: {
      'push login logout': { lenient: true, does: ['irreversible'] },
      'rm rmi kill stop prune': { lenient: true, does: ['irreversible'] },
      'build run exec pull ps images logs inspect version info tag create start restart cp commit save load network volume system compose container image buildx manifest search stats top events port wait attach context plugin swarm stack service node secret config':
        { lenient: true },
    },
    cases: {
      'docker build .': 'external',
      'docker push a': 'external irreversible',
      'docker frobnicate': 'external unknown',
    },
  },
  'docker-compose podman-compose': {
    lenient: true,
    does: ['external'],
    because: 'its daemon acts outside of the sandbox',
    cases: { 'docker-compose up -d': 'external' },
  },
  'apt apt-get dpkg yum dnf apk pacman zypper brew port snap flatpak choco scoop winget nix nix-env nix-shell guix conda mamba micromamba asdf nvm fnm volta rbenv pyenv rustup sdk systemctl service launchctl useradd userdel usermod passwd visudo chsh ssh-keygen ssh-add gpg gpg2 openssl-ca age-keygen':
    {
      lenient: true,
      does: ['external', 'irreversible'],
      because: 'it changes the machine and not the workspace',
      cases: {
        'apt-get install -y a': 'external irreversible',
        'systemctl stop a': 'external irreversible',
      },
    },
};
