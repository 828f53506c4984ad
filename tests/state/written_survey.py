"""Write a survey and read it."""

from sim.state.files.survey import read_network


def survey(tmp_path, text, name="s.csv", **options):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_network(path, **options)
