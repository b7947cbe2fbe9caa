import type { Row, Family } from './row.ts';

const executing: Row = { lenient: true, does: ['executes'] };
const fetching: Row = {
  lenient: true,
  does: ['external', 'executes'],
  because: 'it fetches packages',
};
const publishing: Row = {
  lenient: true,
  does: ['external', 'irreversible'],
  because: 'it publishes',
};
const local: Row = { lenient: true, does: ['read'] };
const pip: Row = {
  leading: true,
  lenient: true,
  subcommands: {
    'list show freeze check inspect debug help cache hash tree': local,
    'install download wheel index search uninstall compile sync': fetching,
  },
};

/** Python and what comes with its packages. */
export const python: Family = {
  'python python2 python3 python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 pypy pypy3 py':
    {
      form: 'python',
      leading: true,
      options: 'c=python m= B b d E h i!unclear I O O O q s S u v V W= X= x P ? version help',
      operands: 'python',
      cases: {
        'python3 a.py --b': 'read executes <a.py',
        'python3 -m pytest -q': 'executes',
        'python3 -m pip install a': 'executes external',
        'python3 -m http.server': 'executes unknown',
        'python3 -m ls a': 'executes unknown',
        'python3 -m pip list': 'read executes',
        "python3 -c 'print(1)'": 'executes',
        'python3 -c \'import os; os.system("rm a")\'': 'unknown',
        'python3 -c \'__import__("os")\'': 'unknown',
        'python3 -c "$X"': 'unknown',
        'python3 -m json.tool a b': 'read write executes <a >b',
        'python3 -m json.tool --unheard-of a': 'read executes unknown <a',
        'python3 -m timeit "$X"': 'executes unknown',
        'python3 -m cProfile -m http.server': 'executes unknown',
        'python3 -m zipfile -e a b': 'executes unknown',
        'python3 --unheard-of x -c 1': 'read executes unknown <x',
      },
    },
  'ipython ipython3': {
    form: 'script',
    leading: true,
    exact: true,
    options: 'c=unclear m=unclear i!unclear no-banner quiet V version h help',
    cases: {
      'ipython a.py': 'read executes <a.py',
      "ipython -c 'print(1)'": 'unknown',
      'ipython --unheard-of a': 'read executes unknown <a',
    },
  },
  'pip pip3 pipx': { ...pip, cases: { 'pip list': 'read', 'pip install a': 'executes external' } },
  uv: {
    leading: true,
    lenient: true,
    options: 'directory= project=',
    subcommands: {
      pip,
      run: {
        leading: true,
        lenient: true,
        does: ['executes'],
        because: 'a program of the environment comes before one of the system',
        operands: 'command',
        options:
          'with=!external p= python= extra= group= env-file=read directory= project= package= m module',
      },
      'tree version help export': local,
      'lock sync add remove init venv python tool self cache build': fetching,
      publish: publishing,
    },
    cases: {
      'uv run pytest': 'executes',
      'uv run cat a': 'read executes <a',
      'uv sync': 'executes external',
      'uv publish': 'external irreversible',
      'uv pip list': 'read',
    },
  },
  'poetry pdm hatch pipenv rye': {
    leading: true,
    lenient: true,
    subcommands: {
      run: {
        leading: true,
        lenient: true,
        does: ['executes'],
        because: 'a program of the environment comes before one of the system',
        operands: 'command',
      },
      'check show env version graph list info search about': {
        ...local,
        does: ['read', 'executes'],
      },
      'install add remove update lock sync init build export venv shell use': fetching,
      publish: publishing,
      'test fmt': executing,
    },
    cases: {
      'poetry run pytest': 'executes',
      'pipenv run cat a': 'read executes <a',
      'poetry install': 'executes external',
      'poetry publish': 'external irreversible',
    },
  },
  'pytest py.test tox nox ruff black isort flake8 pylint mypy pyright basedpyright ty pyre bandit coverage autopep8 yapf autoflake pyupgrade pydocstyle vulture radon sphinx-build sphinx-apidoc mkdocs pdoc cython maturin django-admin alembic behave robot locust jupyter nbconvert pre-commit-py cibuildwheel check-manifest codespell interrogate deptry lint-imports blacken-docs docformatter pybabel pyinstaller nosetests trial green unittest doctest':
    {
      lenient: true,
      does: ['executes'],
      operands: 'text*',
      options: 'o=write output=write output-file=write junitxml=write junit-xml=write',
      cases: {
        'pytest -q tests': 'executes',
        'ruff check --fix .': 'executes',
        'pytest --junitxml=a': 'write executes >a',
      },
    },
  'twine flit bumpversion bump2version': {
    leading: true,
    lenient: true,
    subcommands: { 'check build': executing, 'upload register publish': publishing },
    otherwise: { lenient: true, does: ['write'] },
    cases: { 'twine check dist': 'executes', 'twine upload dist': 'external irreversible' },
  },
};
