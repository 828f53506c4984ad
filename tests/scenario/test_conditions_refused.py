"""Conditions that are refused: the place and the message."""

import ast
import pickle

import pytest

from sim.scenario.conditions.condition import Condition, ConditionError

REFUSED_OF_USERS = [
    # text, position, what, suggestion
    ("", 0, "the condition is empty", ""),
    ("  ", 0, "the condition is empty", ""),
    ("burden", 0, "burden is a number, not a condition", "burden > 50"),
    ("burden + 3", 0, "'burden + 3' is a number, not a condition", "burden + 3 > 53"),
    ("sex", 0, "sex is a label, not a condition", "sex == man"),
    ("newcomer and 'man'", 13, "'man' is a label, not a condition", ""),
    ("burden > 150", 9, "'burden > 150' is always false: burden runs from 0 to 100", ""),
    ("150 > burden", 0, "'150 > burden' is always true: burden runs from 0 to 100", ""),
    ("loneliness_ucla20 < 10", 20, "is always false: loneliness_ucla20 runs from 20 to 80", ""),
    ("mood != 2", 8, "'mood != 2' is always true: mood runs from 0 to 1", ""),
    ("age in (20, 300)", 12, "'age == 300' is always false: age runs from 18 to 120 years", ""),
    ("burden + 100 > 50", 15, "is always true: burden + 100 runs from 100 to 200", ""),
    ("friends * 2 >= 0", 15, "friends * 2 is 0 users or more", ""),
    ("10 / friends < 0", 15, "is always false: 10 / friends is 0 or more", ""),
    ("1 < 2", 4, "'1 < 2' is always true", ""),
    ("sex in (man, woman)", 0, "'sex in (man, woman)' is always true: it names every label of sex", ""),
    ("years_in_centre < 3 users", 18, "'3 users' is in users, 'years_in_centre' is in years", ""),
    ("years_ill + friends > 3", 12, "'friends' is in users, 'years_ill' is in years", ""),
    ("burden > 50 %", 9, "'50 %' is a share or a plain number, 'burden' is on the scale 0-100", ""),
    ("burden > loneliness_ucla20", 9, "'loneliness_ucla20' is on the scale 20-80, 'burden' is on the scale 0-100", ""),
    ("days_absent < 6 wekks", 14, "unknown unit 'wekks'", "weeks"),
    ("days_absent < 6 Weeks", 14, "unknown unit 'Weeks'", "weeks"),
    ("days_absent < 6 AND newcomer", 16, "found 'AND'", "and"),
    ("lonliness > 30", 0, "unknown name 'lonliness'", "loneliness_ucla20"),
    ("newcomer or sexx == man", 12, "unknown name 'sexx'", "sex"),
    ("sex == womn", 7, "'womn' is no label of sex", "woman"),
    ("sex == 'Woman'", 7, "'Woman' is no label of sex", "woman"),
    ("diagnosis in (schizophrenia, bipolar)", 29, "'bipolar' is no label of diagnosis", "bipolar disorder"),
    ("sex in (3)", 8, "sex is compared with '3', which is no label", ""),
    ("sex == 1", 7, "sex is compared with '1', which is no label", ""),
    ("sex < woman", 0, "sex is a label, which is compared once and with == or != only", "sex == man"),
    ("sex == woman == sex", 0, "sex is a label, which is compared once", "sex == man"),
    ("sex + 1 > 2", 0, "sex is a label where a number belongs", "sex == man"),
    ("burden == woman", 10, "woman is a label of sex", "sex == woman"),
    ("burden == 'woman'", 10, "'woman' is a label where a number belongs", ""),
    ("burden == newcomer", 10, "newcomer is true or false by itself", ""),
    ("(burden > 3) + 1 > 2", 1, "'burden > 3' is a condition where a number belongs", ""),
    ("mean(burden) > 3", 0, "mean() sums up the users of a centre, which has no place in a condition on a user", ""),
    ("attendance > 30 %", 0, "attendance is a quantity of a centre, which has no place in a condition on a user", ""),
    ("burden(3) > 4", 0, "burden takes no brackets", "burden"),
    ("burdn(3) > 4", 0, "unknown aggregate 'burdn'", ""),
    ("mean > 4", 0, "mean needs brackets", "mean(burden)"),
    ("burden > 50 for 3 weeks", 16, "`for` belongs to conditions on centres", ""),
    ("all and newcomer", 0, "all is a whole condition on users and stands alone", ""),
    ("not none", 4, "none is a whole condition on users and stands alone", ""),
    ("burden = 3", 7, "found '='", "=="),
    ("newcomer && helper", 9, "found '&'", "and"),
    ("burden ≥ 3", 7, "found '≥'", ">="),
    ("burden > 3; import os", 10, "found ';'", ""),
    ("burden >", 8, "the condition breaks off", ""),
    ("(burden > 3", 11, "the condition breaks off", ""),
    ("burden > 3)", 10, "found ')'", ""),
    ("burden > and", 9, "found 'and'", ""),
    ("newcomer adn helper", 9, "found 'adn'", "and"),
    ("burden . denominator > 3", 7, "found '.'", ""),
    ("sex == 'man", 7, "the quote is never closed", ""),
    ("burden / 0 > 1", 9, "division by zero", ""),
    ("burden / (2 - 2) > 1", 9, "division by zero", ""),
    ("burden > 1e400", 9, "found '1e400'", ""),
    ("burden < 1e17 * 1e17", 9, "'1e17 * 1e17' comes to too large a number", ""),
    ("-" * 40 + "burden > 3", 10, "the condition is nested more than 30 levels deep", ""),
    ("(" * 200 + "burden > 3" + ")" * 200, 171, "the condition is nested more than 30 levels deep", ""),
    ("newcomer or " * 50, 500, "the condition has 600 characters", ""),
]  # fmt: skip

REFUSED_OF_CENTRES = [
    ("burden > 50", 0, "burden is a quantity of each user; write mean(burden)", ""),
    ("mean(burden) > mood", 15, "mood is a quantity of each user; write mean(mood)", ""),
    ("newcomer", 0, "newcomer is a quantity of each user; write share(newcomer)", ""),
    ("sex == woman", 0, "sex is a quantity of each user; write share(sex == man)", ""),
    ("mean(newcomer) > 3", 5, "mean() takes a number, and 'newcomer' is a condition", "share(newcomer)"),
    ("max(burden > 3) > 3", 4, "max() takes a number, and 'burden > 3' is a condition", "share(burden > 3)"),
    ("mean(sex) > 3", 5, "sex is a label where a number belongs", "sex == man"),
    ("mean(3) > 3", 5, "'3' is the same for all users", ""),
    ("share(burden) > 3 %", 6, "burden is a number, not a condition", "burden > 50"),
    ("share(users > 3) > 3 %", 6, "users is a quantity of a centre, which has no place inside share()", ""),
    ("mean(burden - mean(burden)) > 3", 14, "mean() sums up the users of a centre, which has no place inside", ""),
    ("share(newcomer)", 0, "'share(newcomer)' is a number, not a condition", "share(newcomer) > 0.5"),
    ("share(newcomer) > 20", 18, "is always false: share(newcomer) runs from 0 to 1", ""),
    ("sd(burden) > 60", 13, "is always false: sd(burden) runs from 0 to 50", ""),
    ("count(newcomer) > 20 %", 18, "'20 %' is a share or a plain number, 'count(newcomer)' is in users", ""),
    ("means(burden) > 3", 0, "unknown aggregate 'means'", "mean"),
    ("mean burden > 3", 5, "found 'burden'", ""),
    ("attendence < 40 %", 0, "unknown name 'attendence'", "attendance"),
    ("medain > 3", 0, "unknown name 'medain'", "median"),
    ("all", 0, "all is a whole condition on users and stands alone", ""),
    ("users > 3 for 2 users", 14, "found '2 users'", ""),
    ("users > 3 for 0 days", 14, "found '0 days'", ""),
    ("users > 3 for 36 h", 14, "found '36 h'", ""),
    ("users > 3 for 200 years", 14, "found '200 years'", ""),
    ("users > 3 for 3 weeks or day > 3", 22, "found 'or'", ""),
    ("(users > 3 for 3 weeks)", 11, "found 'for'", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "text", "position", "what", "suggestion"),
    [*(("user", *case) for case in REFUSED_OF_USERS), *(("centre", *case) for case in REFUSED_OF_CENTRES)],
)
def test_refused(scope, text, position, what, suggestion):
    with pytest.raises(ConditionError) as caught:
        Condition(text, scope)
    error = caught.value
    assert what in error.what
    assert (error.position, error.suggestion) == (position, suggestion)
    assert str(error).startswith(f"character {position + 1}: {error.what}")
    assert error.found == "" or ast.literal_eval(error.found).removesuffix("...") in text
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (str(again), again.__dict__) == (str(error), error.__dict__)


def test_a_message_says_what_is_allowed():
    with pytest.raises(ConditionError) as caught:
        Condition("sex == womn", "user")
    assert str(caught.value) == "character 8: 'womn' is no label of sex; did you mean 'woman'? allowed: man, woman"
    with pytest.raises(ConditionError) as caught:
        Condition("days_absent < 3 users", "user")
    assert "allowed is a number in days, or a text such as" in str(caught.value)
    with pytest.raises(ConditionError) as caught:
        Condition("(burden > 3", "user")
    assert ")" in caught.value.allowed.split(", ")
