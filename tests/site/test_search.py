"""What readers type into the search page, and the page that should come first."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from site_pages import SitePage

pytestmark = [pytest.mark.site, pytest.mark.browser]

HISTORY = "ai/history"
DEFINITION = "ai/definition"
TASKS = "ai/tasks"
LEARNING = "ai/learning"
NETWORKS = "networks/index"
PERCEPTRON = "networks/perceptron"
MLP = "networks/mlp"
LOSS = "networks/loss"
ENTROPY = "networks/entropy"
BACKPROPAGATION = "networks/backpropagation"
TRAINING = "networks/training"
CNN = "images/cnn"
TRANSFORMER = "sequences/transformer"
VIT = "sequences/vision-transformer"
DESCENT = "networks/gradient-descent"
EVALUATION = "ai/evaluation"
USING = "start/using-this-book"
NOTATION = "start/notation"
GLOSSARY = "reference/glossary"
NOTES_MAP = "reference/notes-map"
MODEL_CORRECTIONS = "reference/corrections-models"
CODE_CORRECTIONS = "reference/corrections-code"
SCRATCH = "reference/api/scratch"
PLOTTING = "reference/api/plotting"
MODELS = "reference/api/models"
CONVOLUTION = "images/convolution"
NUMPY = "labs/numpy"
DATA = "ai/data"
PYTORCH = "labs/pytorch"
PIXELS = "images/pixels"
INCOME = "labs/income"
RNN = "sequences/rnn"
LSTM = "sequences/lstm"
ATTENTION = "sequences/attention"
SENTIMENT = "labs/sentiment"
LANGUAGE_MODELS = "sequences/language-models"
SPEECH = "sequences/speech"
THRESHOLDING = "scenes/thresholding"
MORPHOLOGY = "scenes/morphology"
DETECTION = "scenes/detection"
SEGMENTATION = "scenes/segmentation"
INSTANCES = "scenes/instances"
PROMPTABLE = "scenes/promptable"
GAN = "generative/gan"
DIFFUSION = "generative/diffusion"
SCALING = "labs/scaling"
DATASETS = "reference/datasets"
DCGAN = "generative/dcgan"
PIX2PIX = "generative/pix2pix"
CYCLEGAN = "generative/cyclegan"
GENERATOR_EVALUATION = "generative/evaluation"
TEXT_TO_IMAGE = "generative/text-to-image"
ON_DEVICE = "labs/on-device"
MINIATURES = "reference/miniatures"
FORMULAS = "reference/formulas"

# A page more, a few queries more: in the words that a reader has before the page.
KOREAN = {
    "미니어처 모음": MINIATURES,
    "모든 미니어처": MINIATURES,
    "모든 공식": FORMULAS,
    "공식": FORMULAS,
    "강의 노트의 공식": FORMULAS,
    "지식 증류": ON_DEVICE,
    "8비트 양자화": ON_DEVICE,
    "가중치 가지치기": ON_DEVICE,
    "휴대 전화에서 모델 돌리기": ON_DEVICE,
    "숫자 그리기": ON_DEVICE,
    "글로 그림 그리기": TEXT_TO_IMAGE,
    "텍스트에서 이미지": TEXT_TO_IMAGE,
    "잠재 공간": TEXT_TO_IMAGE,
    "오토인코더": TEXT_TO_IMAGE,
    "생성 모델 평가": GENERATOR_EVALUATION,
    "프레셰 인셉션 거리": GENERATOR_EVALUATION,
    "인셉션 점수": GENERATOR_EVALUATION,
    "파젠 창": GENERATOR_EVALUATION,
    "생성한 이미지가 얼마나 진짜 같은지": GENERATOR_EVALUATION,
    "패치 판별자": PIX2PIX,
    "쌍으로 된 데이터": PIX2PIX,
    "쌍 없는 이미지 변환": CYCLEGAN,
    "순환 일관성": CYCLEGAN,
    "항등 손실": CYCLEGAN,
    "이미지를 이미지로 변환": PIX2PIX,
    "선화를 사진으로": PIX2PIX,
    "조건부 GAN": PIX2PIX,
    "패치를 보는 판별자": PIX2PIX,
    "쌍 데이터": PIX2PIX,
    "전치 합성곱": DCGAN,
    "바둑판무늬": DCGAN,
    "배치 정규화": DCGAN,
    "데이터셋의 라이선스": DATASETS,
    "데이터 출처": DATASETS,
    "데이터의 흠": DATASETS,
    "혼합 정밀도": SCALING,
    "여러 프로세스로 학습": SCALING,
    "그레이디언트 누적": SCALING,
    "데이터 병렬": SCALING,
    "그래픽 프로세서 메모리": SCALING,
    "확산 모델": DIFFUSION,
    "정방향 과정": DIFFUSION,
    "잡음에서 이미지": DIFFUSION,
    "잡음 제거": DIFFUSION,
    "분류기 없는 가이던스": DIFFUSION,
    "생성자와 판별자": GAN,
    "모드 붕괴": GAN,
    "생성적 적대 신경망": GAN,
    "가짜 숫자 이미지": GAN,
    "프레셰 거리": GAN,
    "클릭해서 오려 내기": PROMPTABLE,
    "세그먼트 애니싱": PROMPTABLE,
    "프레임마다 물체 따라가기": PROMPTABLE,
    "동영상 객체 분할": PROMPTABLE,
    "같은 종류 물체 따로 구별": INSTANCES,
    "겹친 마스크 합치기": INSTANCES,
    "디텍트론": INSTANCES,
    "영역 제안 신경망": INSTANCES,
    "픽셀마다 분류": SEGMENTATION,
    "의료 영상 종양": SEGMENTATION,
    "배경 흐리게 인물 사진": SEGMENTATION,
    "도로 영역 찾기": SEGMENTATION,
    "다이스 손실": SEGMENTATION,
    "객체 검출": DETECTION,
    "비최대 억제": DETECTION,
    "경계 상자": DETECTION,
    "겹친 상자 없애기": DETECTION,
    "앵커 없는 검출기": DETECTION,
    "동전 개수 세기": MORPHOLOGY,
    "잡음 점 지우기 침식": MORPHOLOGY,
    "구조 요소": MORPHOLOGY,
    "연결 요소 번호": MORPHOLOGY,
    "톱햇": MORPHOLOGY,
    "오츠 방법": THRESHOLDING,
    "클래스 간 분산": THRESHOLDING,
    "적응형 임계값": THRESHOLDING,
    "흑백으로 나누기": THRESHOLDING,
    "적분 이미지": THRESHOLDING,
    "문장 감정 분류": SENTIMENT,
    "단어 가방": SENTIMENT,
    "상품평": SENTIMENT,
    "부정문": SENTIMENT,
    "언어 모델 학습": LANGUAGE_MODELS,
    "바이트 쌍 인코딩": LANGUAGE_MODELS,
    "트라이그램": LANGUAGE_MODELS,
    "지시 조정": LANGUAGE_MODELS,
    "Q-학습": LEARNING,
    "의사 레이블": LEARNING,
    "되풀이 연습": LEARNING,
    "선형 탐침": LEARNING,
    "속성 분류": TASKS,
    "동일 오류율": TASKS,
    "k-평균": TASKS,
    "평균 절대 오차": TASKS,
    "순환 신경망": RNN,
    "은닉 상태": RNN,
    "시간 역전파": RNN,
    "기울기 자르기": RNN,
    "태양 흑점": RNN,
    # terms
    "인공지능의 정의": DEFINITION,
    "서포트 벡터 머신": DEFINITION,
    "부스팅": DEFINITION,
    "힌지 손실": DEFINITION,
    "파운데이션 모델": DEFINITION,
    "퍼셉트론": PERCEPTRON,
    "다층 퍼셉트론": MLP,
    "학습률": PERCEPTRON,
    "가중합": PERCEPTRON,
    "시그모이드": PERCEPTRON,
    "경사 하강법": DESCENT,
    "로지스틱 회귀": PERCEPTRON,
    "선형 분리 가능": PERCEPTRON,
    "결정 경계": PERCEPTRON,
    "오차 역전파": BACKPROPAGATION,
    "기울기 소실": BACKPROPAGATION,
    "자동 미분": BACKPROPAGATION,
    "연쇄 법칙": BACKPROPAGATION,
    "계산 그래프": BACKPROPAGATION,
    "과적합": MLP,
    "교차 검증": MLP,
    "평균 제곱 오차": LOSS,
    "소프트맥스": LOSS,
    "레이블 평활화": LOSS,
    "손실 지형": LOSS,
    "엔트로피": ENTROPY,
    "KL 발산": ENTROPY,
    "혼란도": ENTROPY,
    "허프먼 부호": ENTROPY,
    "표기법": NOTATION,
    "브로드캐스팅": NUMPY,
    "자료형 오버플로": NUMPY,
    "뷰와 복사본": NUMPY,
    "벡터화": NUMPY,
    "제자리 연산": PYTORCH,
    "저장하고 불러오기": PYTORCH,
    "비전 트랜스포머": VIT,
    "클래스 토큰": VIT,
    "귀납 편향": VIT,
    "어텐션 롤아웃": VIT,
    "소득 예측": INCOME,
    "클래스 가중치": INCOME,
    "브라이어 점수": INCOME,
    "빈칸 별도의 범주": INCOME,
    "포먼트": SPEECH,
    "스펙트로그램": SPEECH,
    "음소 오류율": SPEECH,
    "녹음 재생 공격": SPEECH,
    # two syllables, and one
    "편향": PERCEPTRON,
    "마진": PERCEPTRON,
    "은닉": MLP,
    "로짓": LOSS,
    "내적": NOTATION,
    "전치": NUMPY,
    "층": MLP,
    # the beginning of a word
    "퍼셉": PERCEPTRON,
    "쌍곡": PERCEPTRON,
    # particles and endings
    "퍼셉트론은": PERCEPTRON,
    "가중치를": PERCEPTRON,
    "임계값이란": PERCEPTRON,
    "에포크마다": PERCEPTRON,
    "은닉층에서는": MLP,
    "설치하는": USING,
    "초평면으로": PERCEPTRON,
    # compounds, written together or not
    "경사하강법": DESCENT,
    "다층퍼셉트론": MLP,
    "다층퍼셉트론의": MLP,
    "계단함수": PERCEPTRON,
    "교차엔트로피": ENTROPY,
    "쌍곡탄젠트": PERCEPTRON,
    "신경 망": NETWORKS,
    "역전파": BACKPROPAGATION,
    # mixed script, any case
    "XOR": MLP,
    "xor을": MLP,
    "ReLU는": GLOSSARY,
    "relu": GLOSSARY,
    "XOR문제": MLP,
    "PyTorch로": PYTORCH,
    "Rosenblatt": PERCEPTRON,
    "learning rate": PERCEPTRON,
    "NAND 게이트": PERCEPTRON,
    # several words, and words that no page has
    "퍼셉트론 수렴 증명": PERCEPTRON,
    "가중치 무작위 시작": MLP,
    "손글씨 숫자 인식": TASKS,
    "책을 만드는 방법": USING,
    "퍼셉트론 뭐시기뭐시기": PERCEPTRON,
    "드롭아웃": CNN,
    "혼동 행렬과 틀린 예시": CNN,
    "잔차 연결": CNN,
    "망각 게이트": LSTM,
    "셀 상태": LSTM,
    "양방향 순환 신경망": LSTM,
    "길이가 다른 시퀀스": LSTM,
    "활성화 최대화": CNN,
    "교사 강요": TRANSFORMER,
    "빔 탐색": TRANSFORMER,
    "교차 어텐션": TRANSFORMER,
    "층 정규화": TRANSFORMER,
    "조기 종료": TRAINING,
    "검증 데이터": TRAINING,
    "데이터 누출": TRAINING,
    "체크포인트": TRAINING,
    "zero_grad": TRAINING,
    "모멘텀": DESCENT,
    "안장점": DESCENT,
    "미니배치": DESCENT,
    "조기종료": TRAINING,
    "학습률 스케줄": DESCENT,
    "Adam 옵티마이저": DESCENT,
    "층화 분할": EVALUATION,
    "정밀도와 재현율": EVALUATION,
    "ROC 곡선": EVALUATION,
    "편향과 분산": EVALUATION,
    "튜링 기계": HISTORY,
    "튜링 머신이란": HISTORY,
    "흉내 게임": HISTORY,
    "엘리자": HISTORY,
    "인공지능의 역사": HISTORY,
    "인공지능의 겨울": HISTORY,
    "알파고": HISTORY,
    "비정형 데이터": DATA,
    "반정형 데이터 JSON": DATA,
    "제로샷 학습": DATA,
    "전문가 시스템": DATA,
    "강의 노트 지도": NOTES_MAP,
    "4주차 실습": NOTES_MAP,
    "노트 항목 번호": NOTES_MAP,
    "파놉틱 상위 호환": MODEL_CORRECTIONS,
    "선명한 앞쪽 층": MODEL_CORRECTIONS,
    "맞춤법": CODE_CORRECTIONS,
    "Fashion-MNIST의 CNN": CODE_CORRECTIONS,
    "padding_idx": CODE_CORRECTIONS,
    "최소–최대 정규화": PIXELS,
    "쌍선형 보간": PIXELS,
    "데이터 증강": PIXELS,
    "에일리어싱": PIXELS,
    # names of the package
    "draw_points": PLOTTING,
    "Perceptron.fit": SCRATCH,
    "LogisticRegression": MODELS,
    "스트라이드": CONVOLUTION,
    "수용 영역": CONVOLUTION,
    "최대 풀링": CONVOLUTION,
    "상호상관": CONVOLUTION,
    "특징 맵": CONVOLUTION,
    "셀프 어텐션": ATTENTION,
    "위치 인코딩": ATTENTION,
    "치환 등변성": ATTENTION,
    "인과 마스크": ATTENTION,
    "회전 위치 임베딩": ATTENTION,
}
ENGLISH = {
    "all miniatures": MINIATURES,
    "parameters of all systems": MINIATURES,
    "seconds of the page": MINIATURES,
    "all formulas": FORMULAS,
    "formulas": FORMULAS,
    "knowledge distillation": ON_DEVICE,
    "quantisation 8 bits": ON_DEVICE,
    "pruning weights": ON_DEVICE,
    "ONNX": ON_DEVICE,
    "draw a digit in the browser": ON_DEVICE,
    "text to image": TEXT_TO_IMAGE,
    "latent space": TEXT_TO_IMAGE,
    "variational autoencoder": TEXT_TO_IMAGE,
    "evaluating generators": GENERATOR_EVALUATION,
    "frechet inception distance": GENERATOR_EVALUATION,
    "inception score": GENERATOR_EVALUATION,
    "kernel inception distance": GENERATOR_EVALUATION,
    "people as judges of images": GENERATOR_EVALUATION,
    "translation without pairs": CYCLEGAN,
    "cycle consistency": CYCLEGAN,
    "identity loss": CYCLEGAN,
    "image to image translation": PIX2PIX,
    "drawing to photograph": PIX2PIX,
    "conditional GAN": PIX2PIX,
    "PatchGAN discriminator": PIX2PIX,
    "paired images": PIX2PIX,
    "transposed convolution": DCGAN,
    "checkerboard": DCGAN,
    "output padding": DCGAN,
    "licence of the data": DATASETS,
    "known flaws of the data sets": DATASETS,
    "checksum": DATASETS,
    "mixed precision": SCALING,
    "several processes": SCALING,
    "gradient accumulation": SCALING,
    "data parallelism": SCALING,
    "torchrun": SCALING,
    "diffusion model": DIFFUSION,
    "forward process": DIFFUSION,
    "noise schedule": DIFFUSION,
    "classifier-free guidance": DIFFUSION,
    "image from noise": DIFFUSION,
    "generator and discriminator": GAN,
    "mode collapse": GAN,
    "generative adversarial network": GAN,
    "forger and expert": GAN,
    "non-saturating loss": GAN,
    "cut out what I click": PROMPTABLE,
    "segment anything": PROMPTABLE,
    "follow an object in a video": PROMPTABLE,
    "region growing": PROMPTABLE,
    "count objects that touch each other": INSTANCES,
    "region proposals": INSTANCES,
    "detectron2 library": INSTANCES,
    "roi pooling rounding": INSTANCES,
    "label every pixel": SEGMENTATION,
    "tumour in a scan": SEGMENTATION,
    "blur background of a portrait": SEGMENTATION,
    "weeds and sugar beets": SEGMENTATION,
    "dice loss": SEGMENTATION,
    "object detection": DETECTION,
    "non-maximum suppression": DETECTION,
    "bounding box": DETECTION,
    "mean average precision": DETECTION,
    "overlapping boxes": DETECTION,
    "counting coins": MORPHOLOGY,
    "remove small specks": MORPHOLOGY,
    "structuring element": MORPHOLOGY,
    "connected components": MORPHOLOGY,
    "top-hat uneven light": MORPHOLOGY,
    "Otsu": THRESHOLDING,
    "between-class variance": THRESHOLDING,
    "adaptive threshold": THRESHOLDING,
    "uneven light": THRESHOLDING,
    "integral image": THRESHOLDING,
    "recurrent neural network": RNN,
    "gradient clipping": RNN,
    "hidden state": RNN,
    "permutation equivariance": ATTENTION,
    "causal mask": ATTENTION,
    "rotary positions": ATTENTION,
    "bag of words": SENTIMENT,
    "negation": SENTIMENT,
    "clothing reviews": SENTIMENT,
    "byte-pair encoding": LANGUAGE_MODELS,
    "trigram smoothing": LANGUAGE_MODELS,
    "top-p sampling": LANGUAGE_MODELS,
    "q-learning": LEARNING,
    "rehearsal": LEARNING,
    "bilinear interpolation": PIXELS,
    "data augmentation": PIXELS,
    "aliasing": PIXELS,
    "forget gate": LSTM,
    "cell state": LSTM,
    "bidirectional network": LSTM,
    "Vision Transformer": VIT,
    "class token": VIT,
    "attention rollout": VIT,
    "predicting income": INCOME,
    "class weights": INCOME,
    "reliability diagram": INCOME,
    "Turing machine": HISTORY,
    "imitation game": HISTORY,
    "ELIZA": HISTORY,
    "AI winter": HISTORY,
    "history of AI": HISTORY,
    "support-vector machine": DEFINITION,
    "definition of AI": DEFINITION,
    "AdaBoost": DEFINITION,
    "equal error rate": SPEECH,
    "attribute classification": TASKS,
    "formants": TASKS,
    "perceptron": PERCEPTRON,
    "expert system": DATA,
    "zero-shot learning": DATA,
    "unstructured data": DATA,
    "perceptrons": PERCEPTRON,
    "multilayer perceptron": MLP,
    "multi-layer perceptrons": MLP,
    "backpropagation": BACKPROPAGATION,
    "back propagation": BACKPROPAGATION,
    "vanishing gradients": BACKPROPAGATION,
    "automatic differentiation": BACKPROPAGATION,
    "chain rule": BACKPROPAGATION,
    "Learning Rate": PERCEPTRON,
    "decision boundaries": PERCEPTRON,
    "linearly separable": PERCEPTRON,
    "xor": MLP,
    "AND gate": PERCEPTRON,
    "ReLU": GLOSSARY,
    "overfitting": MLP,
    "cross-validation": MLP,
    "logistic regression": PERCEPTRON,
    "handwritten digits": MLP,
    "entropy": ENTROPY,
    "Huffman code": ENTROPY,
    "perplexity": ENTROPY,
    "mean squared error": LOSS,
    "softmax": LOSS,
    "label smoothing": LOSS,
    "symmetry of weights": MLP,
    "momentum": DESCENT,
    "saddle points": DESCENT,
    "mini-batch": DESCENT,
    "learning rate warm-up": DESCENT,
    "Novikoff": PERCEPTRON,
    "residual connections": CNN,
    "activation maximisation": CNN,
    "beam search": TRANSFORMER,
    "teacher forcing": TRANSFORMER,
    "cross-attention": TRANSFORMER,
    "early stopping": TRAINING,
    "validation data": TRAINING,
    "leakage": TRAINING,
    "state_dict": TRAINING,
    "notation": NOTATION,
    "transpose": NUMPY,
    "inner product": NOTATION,
    "make html": USING,
    "draw_points": PLOTTING,
    "Perceptron.fit()": SCRATCH,
    "LogisticRegression": MODELS,
    "broadcasting": NUMPY,
    "views and copies": NUMPY,
    "integer overflow": NUMPY,
    "in-place operations": PYTORCH,
    "stratified split": EVALUATION,
    "precision and recall": EVALUATION,
    "target encoding": EVALUATION,
    "contiguous": PYTORCH,
    "map of the notes": NOTES_MAP,
    "week 4 practice": NOTES_MAP,
    "corrections on models": MODEL_CORRECTIONS,
    "corrections on spelling": CODE_CORRECTIONS,
    "squeeze vocabulary": CODE_CORRECTIONS,
    "receptive field": CONVOLUTION,
    "max pooling": CONVOLUTION,
    "im2col": CONVOLUTION,
    "spectrogram window": SPEECH,
    "connectionist temporal classification": SPEECH,
}
QUERIES = {"ko": KOREAN, "en": ENGLISH}

# The pages that a query finds, best first, each once.
_FIND = """(query) => {
  const rows = Search._performSearch(...Search._parseQuery(query)).reverse();
  return [...new Set(rows.map(([page]) => page))];
}"""


@pytest.fixture(params=QUERIES)
def page(
    request: pytest.FixtureRequest, browser: Browser, site: Path
) -> Iterator[Page]:
    """Return the search page of a language, opened from disk."""
    page = browser.new_page()
    page.goto(f"{site.as_uri()}/{request.param}/search.html")
    yield page
    page.close()


def language_of(page: Page) -> str:
    return str(page.locator("html").get_attribute("lang"))


def test_the_right_page_is_among_the_first_three(page: Page) -> None:
    wrong = {}
    for query, expected in QUERIES[language_of(page)].items():
        found = page.evaluate(_FIND, query)
        if expected not in found[:3]:
            wrong[query] = (expected, found[:5])
    assert not wrong, "\n".join(f"{q}: {w}" for q, w in wrong.items())


def test_a_page_takes_two_rows_at_most(page: Page) -> None:
    script = """(query) => Search._performSearch(...Search._parseQuery(query))
      .filter((row) => row[6] !== "object").map(([page]) => page)"""
    for query in QUERIES[language_of(page)]:
        found = page.evaluate(script, query)
        crowded = {name for name in found if found.count(name) > 2}
        assert not crowded, f"{query}: {crowded}"


def test_every_row_leads_to_a_place_in_the_same_language(
    page: Page, pages: tuple[SitePage, ...]
) -> None:
    language = language_of(page)
    ids = {
        each.name: {e["id"] for e in each.html.select("[id]")}
        for each in pages
        if each.language == language
    }
    script = """(query) => Search._performSearch(...Search._parseQuery(query))
      .map(([page, , anchor]) => [page, anchor.slice(1)])"""
    for query in QUERIES[language]:
        for name, anchor in page.evaluate(script, query):
            assert name in ids, f"{query}: {name}"
            assert not anchor or anchor in ids[name], (
                f"{query}: {name}#{anchor}"
            )


def test_code_and_outputs_are_not_found(page: Page) -> None:
    """Names that stand in cells, in what they print and in figures only."""
    script = "(word) => Object.hasOwn(Search._index.book.words, word)"
    for word in ("perceptron", "xor"):
        assert page.evaluate(script, word)
    for word in (
        "plt",
        "gate_nand",
        "arrowprop",
        "xlim",
        "set_titl",
        "figsiz",
    ):
        assert not page.evaluate(script, word), word


@pytest.mark.parametrize("query", ["", "?!", "뷁", "qwrtzx", "constructor"])
def test_a_query_may_find_nothing(page: Page, query: str) -> None:
    assert page.evaluate(_FIND, query) == []


def test_results_of_the_form(page: Page) -> None:
    """The page itself stands first, then its best section; nothing is fetched."""
    ko = language_of(page) == "ko"
    title = "다층 퍼셉트론" if ko else "The multilayer perceptron"
    query = "다층퍼셉트론은" if ko else "Multilayer Perceptrons"
    page.locator(".bd-search-container input[name=q]").fill(query)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator(".search-summary:not(:empty)").wait_for()
    link = page.locator("#search-results li a").first
    assert link.inner_text() == title
    assert link.get_attribute("href") == f"{MLP}.html"
    assert page.locator("#search-results li p.context").count() == 0


def marks(page: Page) -> list[str]:
    """Return the marked words of a page."""
    page.locator("article span.highlighted").first.wait_for(state="attached")
    found: list[str] = page.locator("span.highlighted").evaluate_all(
        "spans => spans.map(span => span.textContent.toLowerCase())"
    )
    return found


def test_words_are_marked_on_the_page_found(page: Page) -> None:
    """Particles, stems and compounds do not hide them; formulas stay whole."""
    ko = language_of(page) == "ko"
    query = "경사하강법으로 XOR을" if ko else "boundaries XOR z"
    expected = {"경사", "하강법", "xor"} if ko else {"boundar", "xor"}
    page.locator(".bd-search-container input[name=q]").fill(query)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator(".search-summary:not(:empty)").wait_for()
    with page.expect_navigation():
        page.locator(
            f"#search-results li a[href^='{PERCEPTRON}']"
        ).first.click()
    assert set(marks(page)) >= expected
    assert page.locator(":is(math, svg, pre) .highlighted").count() == 0
    page.locator("#searchbox .highlight-link").click()
    assert page.locator("span.highlighted").count() == 0
    page.reload()
    assert page.locator("span.highlighted").count() == 0


def test_the_address_may_name_what_to_mark(page: Page) -> None:
    root = page.url.rsplit("/", 1)[0]
    page.goto(f"{root}/{PERCEPTRON}.html?highlight=XOR%20z%20%28")
    assert set(marks(page)) >= {"xor", "("}
    assert page.locator("math .highlighted").count() == 0
    assert "highlight" not in page.url
