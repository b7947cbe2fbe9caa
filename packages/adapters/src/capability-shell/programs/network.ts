import type { Family } from './row.ts';

const away = 'it sends or fetches over a network';

/** Programs that reach other machines. */
export const network: Family = {
  'curl wget wget2 http https httpie xh aria2c lynx links w3m': {
    lenient: true,
    does: ['external'],
    because: away,
    options:
      'o=write output=write O= output-document=write K=read config=read T=read upload-file=read d= data= H= header= X= request= u= user= D=write dump-header=write c=write cookie-jar=write trace=write trace-ascii=write ' +
      'use-askpass=program e=unclear execute=unclear x= proxy= A= P=write directory-prefix=write',
    cases: {
      'curl -fsSL example.org -o a': 'write external >a',
      'curl --data @a localhost': 'external',
      "wget --use-askpass='rm a' example.org": 'write external unknown >a',
      'wget -e use_proxy=1 example.org': 'external unknown',
    },
  },
  'ssh scp sftp rsh rlogin mosh telnet nc ncat netcat socat ftp tftp lftp ssh-copy-id ssh-keyscan nmap ping ping6 traceroute dig nslookup host whois ip ifconfig iptables openvpn':
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
