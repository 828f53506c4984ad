"""Surveys in the words of offices: Chinese headers, levels and encodings."""

import numpy as np
import pytest

from sim.state.files.survey import NetworkFileError, read_network
from tests.state.written_survey import survey


def test_chinese_words_in_gbk_mean_the_same(tmp_path):
    text = "填答人,对象,亲密度,未作答\n张,李,知己,\n李,,,是\n张,王,相识,否\n"
    (tmp_path / "s.csv").write_bytes(text.encode("gb18030"))
    english = "source,target,closeness,missing\n张,李,0.725,\n李,,,yes\n张,王,0.225,no\n"
    kept, same = read_network(tmp_path / "s.csv", missing="keep"), survey(tmp_path, english, "e.csv", missing="keep")
    assert kept.ids == same.ids == ("张", "李", "王")
    np.testing.assert_allclose(kept.closeness, same.closeness, rtol=1e-12)
    assert kept.respondents.tolist() == same.respondents.tolist() == [True, False, True]


@pytest.mark.parametrize("header", ["填写人,同伴", "填表人,被提名人", "受访者,提名对象"])
def test_headers_that_offices_write_name_who_answers_and_whom_it_is_about(tmp_path, header):
    assert survey(tmp_path, f"{header}\n张,李\n").ids == ("张", "李")


def test_a_header_of_other_words_is_refused_with_the_words_in_both_languages(tmp_path):
    with pytest.raises(NetworkFileError, match=r"found the header '甲,乙'.*source,target,\.\.\. \(or 填答人,对象"):
        survey(tmp_path, "甲,乙\n张,李\n")


def test_a_chinese_column_may_be_named_as_the_one_that_holds_closeness(tmp_path):
    for text in ("谁,对谁,亲密度\n张,李,3\n", "谁,对谁,信任\n张,李,3\n"):
        attribute = text.splitlines()[0].rpartition(",")[2]
        assert survey(tmp_path, text, attribute=attribute, scale=4).closeness[0, 1] == 0.75
